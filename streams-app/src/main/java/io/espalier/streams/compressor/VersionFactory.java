package io.espalier.streams.compressor;

import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.BuiltVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Cuts a version and runs it against what it should compute. */
public interface VersionFactory extends AutoCloseable {
    /**
     * Writes the smaller version to {@code target} and compares it; whether it is good enough is for others to say.
     *
     * @param sampled inputs from live traffic to compare on, besides random ones; may be empty
     * @throws IOException when a file cannot be read or written
     * @throws RuntimeException with one line, when the parent cannot be read, is not the file described, or does not run
     */
    BuiltVersion build(
            Path parent,
            ModelDescriptor descriptor,
            Recommendation recommendation,
            List<InputSample> sampled,
            Path target)
            throws IOException;

    @Override
    void close();
}
