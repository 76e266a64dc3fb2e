package io.espalier.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The demo's own model and images, as files. */
final class DemoFile {
    private DemoFile() {}

    /** Returns {@code target}. */
    static Path unpack(String resource, Path target) throws IOException {
        try (InputStream in = EspalierMain.class.getResourceAsStream("demo/" + resource)) {
            Files.copy(in, target);
            return target;
        }
    }
}
