package io.espalier.streams.compressor;

import io.espalier.protocol.Datatype;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Input;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.EquivalenceInputs;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.VersionBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Builds versions on libtorch, which is started by the first one: an application that compresses nothing loads none. */
public final class RuntimeVersionFactory implements VersionFactory {
    private final int randomInputs;
    private final Supplier<RuntimeSettings> settings;
    private ModelRuntime runtime;

    /**
     * Starts nothing yet.
     *
     * @param randomInputs random inputs to compare on, 1 or more
     */
    public RuntimeVersionFactory(int randomInputs, Supplier<RuntimeSettings> settings) {
        this.randomInputs = randomInputs;
        this.settings = settings;
    }

    @Override
    public synchronized BuiltVersion build(
            Path parent,
            ModelDescriptor descriptor,
            Recommendation recommendation,
            List<InputSample> sampled,
            Path target)
            throws IOException {
        if (runtime == null) {
            runtime = ModelRuntime.start(settings.get());
        }
        List<List<Tensor>> inputs = sampled.stream()
                .flatMap(sample -> tensors(descriptor, sample).stream())
                .toList();
        // The same recommendation is compared on the same inputs, on whichever machine.
        EquivalenceInputs compared =
                new EquivalenceInputs(randomInputs, recommendation.id().hashCode(), inputs);
        return new VersionBuilder(runtime).build(parent, descriptor, recommendation.remove(), target, compared);
    }

    @Override
    public synchronized void close() {
        if (runtime != null) {
            runtime.close();
        }
    }

    /** A sample in the order of the model's inputs; empty when it is not of that model's shapes and types. */
    private static Optional<List<Tensor>> tensors(ModelDescriptor descriptor, InputSample sample) {
        List<Tensor> tensors = new ArrayList<>();
        for (Input input : descriptor.inputs()) {
            Optional<InputTensor> found = sample.getInputsList().stream()
                    .filter(tensor -> tensor.getName().equals(input.name())
                            && tensor.getDatatype().equals(input.datatype())
                            && tensor.getShapeList().equals(input.shape()))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            tensors.add(tensor(found.get()));
        }
        return Optional.of(tensors);
    }

    private static Tensor tensor(InputTensor tensor) {
        return new Tensor(
                Datatype.parse(tensor.getDatatype()),
                tensor.getShapeList().stream().mapToLong(Long::longValue).toArray(),
                tensor.getData().toByteArray());
    }
}
