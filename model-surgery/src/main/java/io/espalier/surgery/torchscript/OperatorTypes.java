package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Value;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What type an operator returns. Printed code does not say, so it is told by name and arguments. */
final class OperatorTypes {
    private static final Set<String> SCALAR = Set.of(
            "size",
            "dim",
            "numel",
            "item",
            "len",
            "Int",
            "Float",
            "Bool",
            "IntImplicit",
            "FloatImplicit",
            "ScalarImplicit",
            "is_floating_point",
            "__is__",
            "__isnot__",
            "__not__",
            "__contains__",
            "stride",
            "storage_offset",
            "is_complex",
            "is_nonzero",
            "get_device",
            "element_size");

    private static final Set<String> LIST = Set.of(
            "chunk",
            "split",
            "split_with_sizes",
            "unbind",
            "tensor_split",
            "unsafe_chunk",
            "unsafe_split",
            "unsafe_split_with_sizes",
            "broadcast_tensors",
            "meshgrid",
            "hsplit",
            "vsplit",
            "dsplit",
            "append",
            "align_tensors",
            "atleast_1d",
            "atleast_2d",
            "atleast_3d");

    private static final Set<String> CREATES = Set.of(
            "zeros",
            "ones",
            "full",
            "arange",
            "tensor",
            "empty",
            "rand",
            "randn",
            "randint",
            "linspace",
            "logspace",
            "eye",
            "scalar_tensor",
            "tril_indices",
            "triu_indices",
            "hann_window",
            "empty_strided",
            "randperm",
            "prim.NumToTensor",
            "as_tensor");

    private static final Set<String> TENSOR_PROPERTIES =
            Set.of("prim.device", "prim.dtype", "prim.layout", "prim.is_cuda", "prim.shape", "prim.is_quantized");

    private OperatorTypes() {}

    static Value.Type result(String operator, List<Argument> arguments, Collection<Argument> named) {
        if (operator.equals("__getitem__")) {
            return ofList(arguments.get(0)) ? Value.Type.TENSOR : Value.Type.SCALAR;
        } else if (SCALAR.contains(operator)) {
            return Value.Type.SCALAR;
        } else if (LIST.contains(operator)) {
            return Value.Type.TENSOR_LIST;
        } else if (TENSOR_PROPERTIES.contains(operator)) {
            return Value.Type.OTHER;
        }
        boolean tensors = CREATES.contains(operator)
                || arguments.stream().anyMatch(OperatorTypes::hasTensor)
                || named.stream().anyMatch(OperatorTypes::hasTensor);
        return tensors ? Value.Type.TENSOR : Value.Type.SCALAR;
    }

    private static boolean ofList(Argument argument) {
        return argument instanceof Argument.Ref ref && ref.value().type() == Value.Type.TENSOR_LIST;
    }

    private static boolean hasTensor(Argument argument) {
        if (argument instanceof Argument.Sequence sequence) {
            return sequence.items().stream().anyMatch(OperatorTypes::hasTensor);
        }
        return argument instanceof Argument.Stored
                || (argument instanceof Argument.Ref ref
                        && (ref.value().type() == Value.Type.TENSOR
                                || ref.value().type() == Value.Type.TENSOR_LIST));
    }
}
