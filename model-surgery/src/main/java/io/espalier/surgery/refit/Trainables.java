package io.espalier.surgery.refit;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which stored tensors training would change: parameters, and of a frozen archive the constants that were parameters. */
public final class Trainables {
    /** By operator, the arguments that are weights, biases, scales and shifts. */
    private static final Map<String, int[]> WEIGHTS = Map.of(
            "linear", new int[] {1, 2},
            "addmm", new int[] {0, 2},
            "batch_norm", new int[] {1, 2},
            "layer_norm", new int[] {2, 3},
            "group_norm", new int[] {2, 3},
            "_convolution", new int[] {1, 2},
            "conv1d", new int[] {1, 2},
            "conv2d", new int[] {1, 2},
            "conv3d", new int[] {1, 2});

    private Trainables() {}

    /** In the order in which they are first used. */
    public static Set<Parameter> of(Graph graph) {
        Set<Parameter> found = new LinkedHashSet<>();
        for (Operator operator : graph.operators()) {
            Arguments.all(operator)
                    .flatMap(argument -> Arguments.stored(argument).stream())
                    .filter(parameter -> parameter.role() == Parameter.Role.PARAMETER)
                    .forEach(found::add);
            constants(operator).forEach(found::add);
        }
        found.removeIf(parameter -> !parameter.type().isReal() || parameter.overlaps());
        return found;
    }

    private static Stream<Parameter> constants(Operator operator) {
        return IntStream.of(WEIGHTS.getOrDefault(operator.name(), new int[0]))
                .<Argument>mapToObj(operator::argument)
                .flatMap(argument -> Arguments.stored(argument).stream())
                .filter(parameter -> parameter.role() == Parameter.Role.CONSTANT);
    }
}
