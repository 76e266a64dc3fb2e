package io.espalier.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The committed model and images, see demo-model/README.md for where they come from. */
final class DemoFiles {
    static final String MODEL_NAME = "fashion-resnet20";
    static final String MODEL_VERSION = "1";
    static final String INPUT_SHAPE = "1,1,28,28";

    private DemoFiles() {}

    static Path model(Path folder) throws IOException {
        return unpack("fashion-resnet20.pt", folder.resolve("model.pt"));
    }

    static Path trainingImages(Path folder) throws IOException {
        return unpack("fashion-train.npz", folder.resolve("train.npz"));
    }

    static Path testImages(Path folder) throws IOException {
        return unpack("fashion-test.npz", folder.resolve("test.npz"));
    }

    private static Path unpack(String resource, Path target) throws IOException {
        try (InputStream in = DemoFiles.class.getResourceAsStream(resource)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            return target;
        }
    }
}
