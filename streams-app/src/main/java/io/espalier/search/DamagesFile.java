package io.espalier.search;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import io.espalier.runtime.Sha256;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers what cuts of a model cost on some inputs, from one run to the next; delete the file to have all measured anew. */
final class DamagesFile {
    private static final Logger LOG = LoggerFactory.getLogger(DamagesFile.class);

    /** Of what is measured; another one makes earlier files strange. */
    private static final String MEASURE = "damages-2";

    private static final int MOST_ENTRIES = 100_000;

    private final JsonMapper mapper = Json.mapper();
    private final Path file;
    private final Map<String, Double> damages;

    /** {@code model}: its fingerprint. */
    DamagesFile(Path folder, String model, List<List<Tensor>> samples) {
        List<byte[]> parts = new ArrayList<>();
        parts.add((MEASURE + model).getBytes(StandardCharsets.UTF_8));
        samples.forEach(sample -> sample.forEach(tensor -> parts.add(tensor.data())));
        this.file = folder.resolve(Sha256.of(parts) + ".json");
        this.damages = read();
    }

    Optional<Double> get(Map<String, List<Integer>> remove) {
        return Optional.ofNullable(damages.get(key(remove)));
    }

    /** Writes all that is known, whole or not at all. */
    void add(List<Map<String, List<Integer>>> cuts, List<Double> measured) throws IOException {
        for (int i = 0; i < cuts.size(); i++) {
            damages.put(key(cuts.get(i)), measured.get(i));
        }
        Files.createDirectories(file.getParent());
        Path unfinished = Files.createTempFile(file.getParent(), "damages", ".tmp");
        try {
            mapper.writeValue(unfinished.toFile(), damages.size() > MOST_ENTRIES ? Map.of() : damages);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static String key(Map<String, List<Integer>> remove) {
        return Sha256.of(List.of(new TreeMap<>(remove).toString().getBytes(StandardCharsets.UTF_8)));
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
            LOG.warn("{} is no file of damages, and they are measured anew", file);
            LOG.debug("{} cannot be read", file, e);
            return new TreeMap<>();
        }
    }
}
