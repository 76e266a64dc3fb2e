package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that mix elements along some dimensions and leave the others alone. */
final class ReductionRules {
    private static final String MIXES = "mixes units";

    private ReductionRules() {}

    /** Pooling and resizing over the last {@code dims} dimensions. */
    static OperatorRule overLast(int dims) {
        return (operator, flow) -> {
            Optional<Value> input = Arguments.tensor(operator.argument(0));
            Optional<Labels> labels = flow.labels(operator.argument(0));
            boolean single = operator.outputs().size() == 1;
            if (input.isEmpty()
                    || !single
                    || labels.filter(l -> l.dim() >= rank(flow, input.get()) - dims)
                            .isPresent()) {
                flow.protectAll(operator, MIXES);
                return;
            }
            labels.ifPresent(l -> flow.set(operator, l));
        };
    }

    private static int rank(Flow flow, Value value) {
        return flow.shape(value).length;
    }

    /** {@code mean(input, dims, keepdim)} and the like. */
    static void reduce(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<List<Integer>> dims = input.flatMap(v -> dims(Arguments.get(operator, 1, "dim"), rank(flow, v)));
        Optional<Labels> labels = flow.labels(operator.argument(0));
        if (dims.isEmpty()
                || dims.get().isEmpty()
                || labels.filter(l -> dims.get().contains(l.dim())).isPresent()) {
            flow.protectAll(operator, MIXES);
            return;
        }
        boolean keeps = Arguments.isTrue(Arguments.get(operator, 2, "keepdim"));
        labels.ifPresent(l -> {
            int before = (int) dims.get().stream().filter(d -> d < l.dim()).count();
            flow.set(operator, l.at(keeps ? l.dim() : l.dim() - before));
        });
    }

    private static Optional<List<Integer>> dims(Argument argument, int rank) {
        if (!(argument instanceof Argument.Sequence sequence)) {
            return Arguments.dim(argument, rank).map(List::of);
        }
        List<Integer> dims = new ArrayList<>();
        for (Argument item : sequence.items()) {
            Arguments.dim(item, rank).ifPresent(dims::add);
        }
        return dims.size() == sequence.items().size() ? Optional.of(dims) : Optional.empty();
    }

    /** {@code softmax(input, dim)}: passes along every other dimension. */
    static void along(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<Integer> dim = input.flatMap(v -> Arguments.dim(Arguments.get(operator, 1, "dim"), rank(flow, v)));
        Optional<Labels> labels = flow.labels(operator.argument(0));
        if (dim.isEmpty() || labels.filter(l -> l.dim() == dim.get()).isPresent()) {
            flow.protectAll(operator, MIXES);
            return;
        }
        labels.ifPresent(l -> flow.set(operator, l));
    }

    /** {@code pad(input, [left, right, top, bottom, ...])}: two widths per dimension, last dimension first. */
    static void pad(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<Labels> labels = flow.labels(operator.argument(0));
        if (input.isEmpty() || !(operator.argument(1) instanceof Argument.Sequence widths)) {
            flow.protectAll(operator, "pads by computed widths");
            return;
        }
        for (int i = 0; i < widths.items().size(); i++) {
            int dim = rank(flow, input.get()) - 1 - i / 2;
            boolean zero = Arguments.integer(widths.items().get(i)).equals(Optional.of(0L));
            if (!zero && labels.filter(l -> l.dim() == dim).isPresent()) {
                flow.protectAll(operator, "pads the dimension of the units");
                return;
            }
        }
        labels.ifPresent(l -> flow.set(operator, l));
    }
}
