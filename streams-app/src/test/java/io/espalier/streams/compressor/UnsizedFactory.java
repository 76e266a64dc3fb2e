package io.espalier.streams.compressor;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.RecoveryProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A factory for policies that have no sizes searched for. */
interface UnsizedFactory extends VersionFactory {
    @Override
    default Optional<Map<String, List<Integer>>> size(
            Path parent,
            ModelDescriptor descriptor,
            Recommendation recommendation,
            List<List<Tensor>> inputs,
            RecoveryProgress progress) {
        throw new AssertionError(parent + " is asked to be searched");
    }
}
