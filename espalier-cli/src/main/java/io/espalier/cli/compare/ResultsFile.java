package io.espalier.cli.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code compare.json} of a folder. It is written after every run, and what it holds is not computed again. */
public final class ResultsFile {
    private static final String NAME = "compare.json";

    private final Path file;
    private final Setup setup;
    private final Map<RunKey, Run> runs;
    private final JsonMapper json = Json.mapper();

    private ResultsFile(Path file, Setup setup) throws IOException {
        this.file = file;
        this.setup = setup;
        this.runs = new LinkedHashMap<>();
        if (Files.exists(file)) {
            Stored stored = read();
            List<String> differences = setup.differences(stored.setup());
            if (!differences.isEmpty()) {
                throw new IllegalArgumentException(file + " holds results with another "
                        + String.join(", another ", differences) + ": give another folder, or remove that file");
            }
            stored.runs().forEach(run -> runs.put(run.key(), run));
        }
    }

    /**
     * Reads what is there, and makes the folder when it is not.
     *
     * @throws IllegalArgumentException when what is there is of another setup, or no comparison
     */
    public static ResultsFile open(Path folder, Setup setup) throws IOException {
        return new ResultsFile(Files.createDirectories(folder).resolve(NAME), setup);
    }

    private record Stored(Setup setup, List<Run> runs) {}

    private Stored read() throws IOException {
        String notOurs = file + " is not what compare writes: give another folder, or remove that file";
        try {
            Stored stored = json.readValue(file.toFile(), Stored.class);
            if (stored != null && stored.setup() != null && stored.runs() != null) {
                return stored;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(notOurs + " (" + e.getOriginalMessage() + ")", e);
        }
        throw new IllegalArgumentException(notOurs);
    }

    Setup setup() {
        return setup;
    }

    public Path folder() {
        return file.getParent();
    }

    /** What was there when it was opened; a copy. */
    Map<RunKey, Run> runs() {
        return new LinkedHashMap<>(runs);
    }

    /** Whoever reads the file, and whenever this process ends, finds it whole. */
    void write(Comparison comparison) throws IOException {
        Path unfinished = file.resolveSibling("." + NAME);
        json.writeValue(unfinished.toFile(), comparison);
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
