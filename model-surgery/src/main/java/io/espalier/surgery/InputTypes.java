package io.espalier.surgery;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Follows each input to the layers that read it first: indices of a table are int64 below its rows, and a convolution
 * or linear layer takes what its weights are, for libtorch mixes no types there.
 */
final class InputTypes {
    private static final Set<String> CASTS = Set.of("to", "type_as", "long", "int", "_cast_Long", "_cast_Int");

    /** Keep values and type as they are, so that what the reader of their result takes is what they are given. */
    private static final Set<String> LAYOUTS = Set.of(
            "alias",
            "clone",
            "contiguous",
            "detach",
            "expand",
            "flatten",
            "permute",
            "reshape",
            "slice",
            "squeeze",
            "transpose",
            "t",
            "unsqueeze",
            "view");

    private static final Set<String> LAYERS = Set.of(
            "_convolution",
            "conv1d",
            "conv2d",
            "conv3d",
            "conv_transpose1d",
            "conv_transpose2d",
            "conv_transpose3d",
            "linear");

    private static final Set<String> TABLES = Set.of("embedding", "embedding_bag");

    private final Graph graph;

    InputTypes(Graph graph) {
        this.graph = graph;
    }

    List<ModelInput> inputs() {
        return graph.inputs().stream().map(this::input).toList();
    }

    /** One pass: operators stand in the order they run in. */
    private ModelInput input(Value input) {
        Known known = new Known();
        // Values that hold the input's own numbers, and whether still in its own type.
        Map<Value, Boolean> same = new HashMap<>(Map.of(input, true));
        for (Operator operator : graph.operators()) {
            Optional<Boolean> first = held(operator.argument(0), same);
            if (TABLES.contains(operator.name())) {
                // A cast in between is how a model takes indices of any width: int64 is what they are given as.
                held(operator.argument(1), same).ifPresent(uncast -> known.index(operator.argument(0)));
            } else if (first.isPresent() && LAYERS.contains(operator.name())) {
                if (first.get() && operator.argument(1) instanceof Argument.Stored weight) {
                    known.type(weight.parameter().type());
                }
            } else if (first.isPresent() && CASTS.contains(operator.name())) {
                operator.outputs().forEach(output -> same.put(output, false));
            } else if (first.isPresent() && LAYOUTS.contains(operator.name())) {
                operator.outputs().forEach(output -> same.put(output, first.get()));
            }
        }
        return new ModelInput(
                input.name(),
                known.several ? Optional.empty() : Optional.ofNullable(known.type),
                known.limit == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(known.limit));
    }

    private static Optional<Boolean> held(Argument argument, Map<Value, Boolean> same) {
        return argument instanceof Argument.Ref ref ? Optional.ofNullable(same.get(ref.value())) : Optional.empty();
    }

    private static final class Known {
        private ElementType type;
        private boolean several;
        private long limit = Long.MAX_VALUE;

        void type(ElementType found) {
            several |= type != null && type != found;
            type = found;
        }

        void index(Argument table) {
            type(ElementType.INT64);
            if (table instanceof Argument.Stored stored && stored.parameter().shape().length == 2) {
                limit = Math.min(limit, stored.parameter().shape()[0]);
            }
        }
    }
}
