package io.espalier.surgery;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks input shapes against the operators that read an input first, so that a wrong shape gets one clear line. */
final class InputCheck {
    private static final int SIZE_LIMIT = 1 << 24;

    /** Dimensions with a batch that a convolution's input has, by the rank of its weight less two. */
    private static final Map<Integer, String> LAYOUTS = Map.of(
            1,
            "batch, channels, length",
            2,
            "batch, channels, height, width",
            3,
            "batch, channels, depth, height, width");

    private final Graph graph;

    InputCheck(Graph graph) {
        this.graph = graph;
    }

    void check(List<long[]> shapes) {
        if (shapes.size() != graph.inputs().size()) {
            throw new ModelInputException("the model has " + graph.inputs().size() + " inputs ("
                    + String.join(", ", graph.inputs().stream().map(Value::name).toList()) + ") but " + shapes.size()
                    + " shapes are given");
        }
        for (int i = 0; i < shapes.size(); i++) {
            Value input = graph.inputs().get(i);
            long[] shape = shapes.get(i);
            if (shape.length == 0 || Arrays.stream(shape).anyMatch(size -> size < 1 || size > SIZE_LIMIT)) {
                throw new ModelInputException("input " + input.name() + ": " + text(shape)
                        + " is no shape, sizes are 1 to " + SIZE_LIMIT + ", batch first");
            }
            for (Operator operator : graph.operators()) {
                if (operator.argument(0) instanceof Argument.Ref ref
                        && ref.value().equals(input)) {
                    check(input, shape, operator);
                }
            }
        }
    }

    private static void check(Value input, long[] shape, Operator operator) {
        if (!(operator.argument(1) instanceof Argument.Stored stored)) {
            return;
        }
        long[] weight = stored.parameter().shape();
        if (operator.name().equals("linear") && weight.length == 2) {
            if (shape[shape.length - 1] != weight[1]) {
                throw new ModelInputException(
                        "input " + input.name() + ": " + text(shape) + " ends in " + shape[shape.length - 1]
                                + " features, " + stored.parameter().layer() + " takes " + weight[1]);
            }
        } else if (LAYOUTS.containsKey(weight.length - 2) && operator.name().matches("_convolution|conv[123]d")) {
            int groupsAt = operator.name().equals("_convolution") ? 8 : 6;
            long groups = operator.argument(groupsAt) instanceof Argument.Literal literal
                            && literal.constant().orElse(null) instanceof Long number
                    ? number
                    : 1;
            if (shape.length != weight.length) {
                throw new ModelInputException("input " + input.name() + ": " + text(shape) + " has " + shape.length
                        + " dimensions, " + stored.parameter().layer() + " takes " + weight.length + " ("
                        + LAYOUTS.get(weight.length - 2) + ")");
            }
            boolean transposed = operator.name().equals("_convolution")
                    && operator.argument(6) instanceof Argument.Literal literal
                    && literal.constant().equals(Optional.of(true));
            long channels = transposed ? weight[0] : weight[1] * groups;
            if (shape[1] != channels) {
                throw new ModelInputException("input " + input.name() + ": " + text(shape) + " has " + shape[1]
                        + " channels, " + stored.parameter().layer() + " takes " + channels);
            }
        }
    }

    private static String text(long[] shape) {
        return Arrays.toString(shape).replace(" ", "").replace("[", "").replace("]", "");
    }
}
