package io.espalier.sidecar.http;

import static io.espalier.sidecar.http.RejectedRequestException.badRequest;

import io.espalier.protocol.Datatype;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a model takes and gives, with a first dimension that may be any. Outputs have no names in an archive: they are
 * {@code output_0}, {@code output_1}, in order.
 */
final class ModelSignature {
    private final List<ModelDescriptor.Input> inputs;
    private final List<Output> outputs;

    /** @param example what the model answered to one input of the described shapes */
    ModelSignature(List<ModelDescriptor.Input> inputs, List<Tensor> example) {
        this.inputs = List.copyOf(inputs);
        this.outputs = IntStream.range(0, example.size())
                .mapToObj(i -> new Output(
                        "output_" + i, example.get(i).type(), example.get(i).shape()))
                .toList();
    }

    /** An output, and its type and shape for one input. */
    record Output(String name, Datatype type, long[] shape) {}

    /** The tensors of a request in the model's order, all of {@code rows} rows. */
    record Arguments(List<Tensor> tensors, int rows) {}

    List<ModelDescriptor.Input> inputs() {
        return inputs;
    }

    List<Output> outputs() {
        return outputs;
    }

    /** Throws {@link RejectedRequestException} when the model does not take what is given. */
    Arguments arguments(List<InferenceRequest.Input> given) {
        Map<String, Tensor> byName = new HashMap<>();
        for (InferenceRequest.Input input : given) {
            if (byName.put(input.name(), input.tensor()) != null) {
                throw badRequest("input '" + input.name() + "' is given twice");
            }
        }
        List<Tensor> tensors = new ArrayList<>();
        for (ModelDescriptor.Input input : inputs) {
            Tensor tensor = byName.remove(input.name());
            if (tensor == null) {
                throw badRequest("input '" + input.name() + "' is missing: the model takes " + names());
            }
            check(input, tensor);
            tensors.add(tensor);
        }
        if (!byName.isEmpty()) {
            throw badRequest(
                    "the model has no input '" + byName.keySet().iterator().next() + "', it takes " + names());
        }
        long rows = tensors.get(0).shape()[0];
        if (tensors.stream().anyMatch(tensor -> tensor.shape()[0] != rows)) {
            throw badRequest("the inputs have different first dimensions: give as many rows of each");
        }
        return new Arguments(tensors, Math.toIntExact(rows));
    }

    private static void check(ModelDescriptor.Input input, Tensor tensor) {
        if (!tensor.type().name().equals(input.datatype())) {
            throw badRequest("input '" + input.name() + "' has datatype " + tensor.type() + ", the model takes "
                    + input.datatype());
        }
        long[] taken = shape(input);
        taken[0] = tensor.shape().length > 0 ? tensor.shape()[0] : -1;
        if (!Arrays.equals(taken, tensor.shape())) {
            taken[0] = -1;
            throw badRequest("input '" + input.name() + "' has shape " + Arrays.toString(tensor.shape())
                    + ", the model takes " + Arrays.toString(taken) + " (-1: any)");
        }
    }

    /** Places of the outputs asked for; of all when none is. */
    List<Integer> places(List<String> asked) {
        List<String> known = outputs.stream().map(Output::name).toList();
        for (String name : asked) {
            if (!known.contains(name)) {
                throw badRequest("the model has no output '" + name + "', it gives " + known);
            }
        }
        return asked.isEmpty()
                ? IntStream.range(0, known.size()).boxed().toList()
                : asked.stream().map(known::indexOf).toList();
    }

    private List<String> names() {
        return inputs.stream().map(ModelDescriptor.Input::name).toList();
    }

    static long[] shape(ModelDescriptor.Input input) {
        return input.shape().stream().mapToLong(Long::longValue).toArray();
    }
}
