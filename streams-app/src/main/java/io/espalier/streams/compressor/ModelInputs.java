package io.espalier.streams.compressor;

import io.espalier.protocol.Datatype;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Input;
import io.espalier.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Samples of the inputs topic as a model takes them. */
final class ModelInputs {
    private ModelInputs() {}

    /** A sample in the order of the model's inputs; empty when it is not of that model's shapes and types. */
    static Optional<List<Tensor>> of(ModelDescriptor descriptor, InputSample sample) {
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

    /** Whether all values are finite: one that is not would spoil every sum that it goes into. */
    static boolean areFinite(List<Tensor> inputs) {
        return inputs.stream().allMatch(ModelInputs::isFinite);
    }

    private static boolean isFinite(Tensor tensor) {
        for (int i = 0; tensor.type().isFloating() && i < tensor.size(); i++) {
            if (!Double.isFinite(tensor.real(i))) {
                return false;
            }
        }
        return true;
    }
}
