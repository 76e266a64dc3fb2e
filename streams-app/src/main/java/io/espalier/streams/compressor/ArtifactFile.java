package io.espalier.streams.compressor;

import io.espalier.protocol.record.ModelDescriptor.Artifact;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the file that an artifact names. */
final class ArtifactFile {
    private ArtifactFile() {}

    /** Throws {@link IOException} unless it is a plain file here: a device or a pipe has no end that reading would come to. */
    static Path of(Artifact artifact) throws IOException {
        try {
            Path file = Path.of(URI.create(artifact.uri()));
            if (!Files.isRegularFile(file)) {
                throw new IOException("artifact '" + artifact.uri() + "' is not a file here: put it there");
            }
            return file;
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IOException("artifact '" + artifact.uri() + "' is no file: URI that can be read here", e);
        }
    }
}
