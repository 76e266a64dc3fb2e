package io.espalier.runtime;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers that took long to measure, by name, remembered in a file from one run to the next; delete the file to have all
 * measured anew. Not safe for use by several threads; of two processes the last to save wins.
 */
public final class RememberedNumbers {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedNumbers.class);

    private final JsonMapper mapper = Json.mapper();
    private final Path file;
    private final int most;
    private final Map<String, Double> numbers;

    /**
     * Reads what is known. A file that cannot be read costs time to measure again, and nothing else.
     *
     * @param file its folder is made when it is first written
     * @param most when there are more, all are forgotten
     */
    public RememberedNumbers(Path file, int most) {
        this.file = file;
        this.most = most;
        this.numbers = read();
    }

    public Optional<Double> get(String name) {
        return Optional.ofNullable(numbers.get(name));
    }

    public void put(String name, double number) {
        numbers.put(name, number);
    }

    /** Writes what is known now, whole or not at all. */
    public void save() throws IOException {
        Files.createDirectories(file.getParent());
        Path unfinished = Files.createTempFile(file.getParent(), "numbers", ".tmp");
        try {
            mapper.writeValue(unfinished.toFile(), numbers.size() > most ? Map.of() : numbers);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Map<String, Double> read() {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            Map<String, Double> read = mapper.readValue(file.toFile(), new TypeReference<>() {});
            return read == null ? new TreeMap<>() : new TreeMap<>(read);
        } catch (IOException e) {
            LOG.warn("{} cannot be read, and what it held is measured anew", file);
            LOG.debug("{} cannot be read", file, e);
            return new TreeMap<>();
        }
    }
}
