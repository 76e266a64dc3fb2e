package io.espalier.runtime.latency;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers times from one run to the next, in a file per machine, number of threads and version of the engine. Times that
 * did not settle are not remembered, and so are measured again; delete the file to have all measured anew.
 */
public final class TimesFile implements LayerStopwatch {
    private static final Logger LOG = LoggerFactory.getLogger(TimesFile.class);
    private static final int MOST_ENTRIES = 200_000;

    private final JsonMapper mapper = Json.mapper();
    private final Path file;
    private final LayerStopwatch stopwatch;
    private final Map<String, Double> times;

    /**
     * Reads what is known of a machine.
     *
     * @param folder where the files lie; made when the first is written
     * @param machine what decides how long an operator takes, in words
     * @param stopwatch for what is not known yet
     */
    public TimesFile(Path folder, String machine, LayerStopwatch stopwatch) {
        this.file =
                folder.resolve("times-" + UUID.nameUUIDFromBytes(machine.getBytes(StandardCharsets.UTF_8)) + ".json");
        this.stopwatch = stopwatch;
        this.times = read();
    }

    @Override
    public RepeatedTiming.Times time(LayerShape shape, long rows, long columns) {
        String key = shape.key(rows, columns);
        Double known = times.get(key);
        if (known != null && known > 0) {
            return new RepeatedTiming.Times(known, known, true);
        }
        RepeatedTiming.Times measured = stopwatch.time(shape, rows, columns);
        if (measured.settled()) {
            times.put(key, measured.least());
        }
        return measured;
    }

    /** Writes what is known now, whole or not at all. */
    public void save() throws IOException {
        Files.createDirectories(file.getParent());
        Path unfinished = Files.createTempFile(file.getParent(), "times", ".tmp");
        try {
            mapper.writeValue(unfinished.toFile(), times.size() > MOST_ENTRIES ? Map.of() : times);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** A file that cannot be read costs time to measure again, and nothing else. */
    private Map<String, Double> read() {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            Map<String, Double> read = mapper.readValue(file.toFile(), new TypeReference<>() {});
            return read == null ? new TreeMap<>() : new TreeMap<>(read);
        } catch (IOException e) {
            LOG.warn("{} is no file of times, and they are measured anew", file);
            LOG.debug("{} cannot be read", file, e);
            return new TreeMap<>();
        }
    }
}
