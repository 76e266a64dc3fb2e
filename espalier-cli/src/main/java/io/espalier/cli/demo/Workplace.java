package io.espalier.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a demo works. The scratch folder (the broker's log, the streams' state) goes on {@link #close}; the results stay.
 *
 * @param results for the files a user asked for
 */
record Workplace(Path results, Path scratch) implements AutoCloseable {
    static Workplace in(Path results) throws IOException {
        return new Workplace(Files.createDirectories(results), Files.createTempDirectory("espalier-demo"));
    }

    @Override
    public void close() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(scratch)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
