package io.espalier.streams.compressor;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.runtime.recovery.RecoveryProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts a version, runs it against what it should compute, and recovers it. */
public interface VersionFactory extends AutoCloseable {
    /**
     * A version that was cut and compared.
     *
     * @param parent the file it was cut from
     * @param file the cut itself
     */
    record Cut(Path parent, ModelDescriptor descriptor, Recommendation recommendation, BuiltVersion built, Path file) {}

    /**
     * Finds how many units of each group go so that the outputs suffer least, in the order that was recommended.
     *
     * @param inputs at least eight; finite
     * @param progress may throw to stop the work
     * @return per group the units to remove; empty when no sizes within the policy's limits reach its target
     * @throws IOException when a file cannot be read or written
     * @throws RuntimeException with one line, when the parent cannot be read or does not run
     */
    Optional<Map<String, List<Integer>>> size(
            Path parent,
            ModelDescriptor descriptor,
            Recommendation recommendation,
            List<List<Tensor>> inputs,
            RecoveryProgress progress)
            throws IOException;

    /**
     * Writes the smaller version to {@code target} and compares it; whether it is good enough is for others to say.
     *
     * @param remove per group the units
     * @param sampled inputs from live traffic to compare on, besides random ones; may be empty
     * @throws IOException when a file cannot be read or written
     * @throws RuntimeException with one line, when the parent cannot be read, is not the file described, or does not run
     */
    Cut build(
            Path parent,
            ModelDescriptor descriptor,
            Recommendation recommendation,
            Map<String, List<Integer>> remove,
            List<List<Tensor>> sampled,
            Path target)
            throws IOException;

    /**
     * Takes the steps that the policy asks for, and writes what comes of them to {@code target}; it was run, and gives no
     * values that are not finite.
     *
     * @param inputs at least eight to begin with; finite
     * @param listener may throw to stop the work
     * @return one result for each step, in order
     * @throws IOException when a file cannot be read or written
     * @throws RuntimeException with one line, when the model cannot be recovered
     */
    List<RecoveryResult> recover(Cut cut, InputSource inputs, Recovery.Listener listener, Path target)
            throws IOException;

    @Override
    void close();
}
