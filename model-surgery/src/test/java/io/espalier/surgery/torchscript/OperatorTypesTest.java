package io.espalier.surgery.torchscript;

import static io.espalier.surgery.graph.Value.Type.OTHER;
import static io.espalier.surgery.graph.Value.Type.SCALAR;
import static io.espalier.surgery.graph.Value.Type.TENSOR;
import static io.espalier.surgery.graph.Value.Type.TENSOR_LIST;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperatorTypesTest {
    /** T, L and S as values of the graph, a digit as a number, N as none, and x as a list of two tensors. */
    private static List<Value.Type> results(String operator, String given, int count) {
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < given.length(); i++) {
            char c = given.charAt(i);
            Argument tensor = new Argument.Ref(new Value(0, 0, "t", TENSOR));
            arguments.add(
                    switch (c) {
                        case 'T' -> tensor;
                        case 'L' -> new Argument.Ref(new Value(1, -1, "l", TENSOR_LIST));
                        case 'S' -> new Argument.Ref(new Value(2, -1, "s", SCALAR));
                        case 'N' -> new Argument.Literal(Optional.empty(), -1);
                        case 'x' -> new Argument.Sequence(List.of(tensor, tensor), false);
                        default -> new Argument.Literal(Optional.of((long) Character.digit(c, 10)), -1);
                    });
        }
        return OperatorTypes.results(operator, arguments, Map.of(), count);
    }

    @Test
    void tellsScalarArithmeticFromThatOfTensors() {
        assertThat(results("add", "TT", 1)).containsExactly(TENSOR);
        assertThat(results("add", "T1", 1)).containsExactly(TENSOR);
        assertThat(results("add", "S1", 1)).containsExactly(SCALAR);
        assertThat(results("eq", "TT", 1)).containsExactly(TENSOR);
        assertThat(results("eq", "SS", 1)).containsExactly(SCALAR);
        assertThat(results("add", "xL", 1)).containsExactly(TENSOR_LIST);
    }

    @Test
    void knowsOperatorsOfSeveralResults() {
        assertThat(results("lstm", "TxL112011", 3)).containsExactly(TENSOR, TENSOR, TENSOR);
        assertThat(results("topk", "T3", 2)).containsExactly(TENSOR, TENSOR);
        assertThat(results("max", "T1", 2)).containsExactly(TENSOR, TENSOR);
        assertThat(results("max", "T", 1)).containsExactly(TENSOR);
        assertThat(results("_native_multi_head_attention", "TTT22TTTTN", 2)).containsExactly(TENSOR, TENSOR);
        assertThat(results("chunk", "T21", 2)).containsExactly(TENSOR, TENSOR);
    }

    @Test
    void knowsListsAndDescriptions() {
        assertThat(results("chunk", "T21", 1)).containsExactly(TENSOR_LIST);
        assertThat(results("split", "T21", 1)).containsExactly(TENSOR_LIST);
        assertThat(results("unbind", "T", 1)).containsExactly(TENSOR_LIST);
        assertThat(results("where", "T", 1)).containsExactly(TENSOR_LIST);
        assertThat(results("where", "TTT", 1)).containsExactly(TENSOR);
        assertThat(results("__getitem__", "L0", 1)).containsExactly(TENSOR);
        assertThat(results("__getitem__", "S0", 1)).containsExactly(SCALAR);
        assertThat(results("size", "T", 4)).containsExactly(SCALAR, SCALAR, SCALAR, SCALAR);
        assertThat(results("prim.dtype", "T", 1)).containsExactly(SCALAR);
        assertThat(results("prim.device", "T", 1)).containsExactly(OTHER);
        assertThat(results("zeros", "S", 1)).containsExactly(TENSOR);
        assertThat(results("einsum", "0x", 1)).containsExactly(TENSOR);
    }

    @Test
    void takesAnUnknownOperatorOfTensorsForOneThatMakesATensor() {
        assertThat(results("mine.op", "TS", 1)).containsExactly(TENSOR);
        assertThat(results("mine.op", "SS", 1)).containsExactly(SCALAR);
    }
}
