package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** Operators that mix elements along some dimensions and leave the others alone. */
final class ReductionRules {
    private static final String MIXES = "mixes units";

    private ReductionRules() {}

    /** Pooling and resizing over the last {@code dims} dimensions; a second output has the labels of the first. */
    static OperatorRule overLast(int dims) {
        return (operator, flow) -> {
            Optional<Item> input = flow.item(operator.argument(0));
            if (input.isEmpty()) {
                flow.protectAll(operator, MIXES);
                return;
            }
            int first = input.get().shape().length - dims;
            mix(operator, flow, d -> d >= first, MIXES);
        };
    }

    /** Labels that are protected stay with their channels, so that the reason reaches what they are joined with. */
    static void mix(Operator operator, Flow flow, IntPredicate dims, String reason) {
        flow.labels(operator.argument(0)).ifPresent(labels -> {
            LabelArray mixed = flow.mixed(labels, dims, operator, reason).orElse(labels);
            operator.outputs().forEach(output -> setIfTensor(operator, output, mixed, flow));
        });
    }

    private static void setIfTensor(Operator operator, Value output, LabelArray labels, Flow flow) {
        if (output.type() == Value.Type.TENSOR) {
            flow.set(operator, output, labels);
        }
    }

    /** {@code max_unpool2d(input, indices, size)}: the indices are those of the channels that they were found in. */
    static OperatorRule unpool(int dims) {
        return (operator, flow) -> {
            Value output = operator.outputs().get(0);
            int rank = flow.shape(output).length;
            new Broadcast(operator, flow, rank)
                    .join(operator.arguments().subList(0, 2))
                    .flatMap(labels -> flow.mixed(labels, d -> d >= rank - dims, operator, MIXES))
                    .ifPresent(labels -> flow.set(operator, labels));
        };
    }

    /** {@code mean(input, dims, keepdim)} and the like: where the dimensions stand. */
    static OperatorRule reduce(int dimsAt) {
        return (operator, flow) -> {
            Optional<Item> input = flow.item(operator.argument(0));
            Optional<LabelArray> labels = flow.labels(operator.argument(0));
            if (labels.isEmpty() || input.isEmpty()) {
                return;
            }
            Optional<List<Integer>> dims = flow.dims(
                            Arguments.get(operator, dimsAt, "dim"), input.get().shape().length)
                    .filter(named -> named.stream().distinct().count() == named.size());
            if (dims.isEmpty() || dims.get().isEmpty()) {
                flow.protectAll(operator, MIXES);
                return;
            }
            boolean keeps =
                    flow.shape(operator.outputs().get(0)).length == labels.get().rank();
            flow.mixed(labels.get(), dims.get()::contains, operator, MIXES).ifPresent(mixed -> {
                LabelArray result = mixed;
                for (int dim : new TreeSet<>(dims.get()).descendingSet()) {
                    result = keeps ? result : result.selected(dim, 0);
                }
                for (Value output : operator.outputs()) {
                    setIfTensor(operator, output, result, flow);
                }
            });
        };
    }

    /** {@code softmax(input, dim)}: mixes along one dimension and keeps it. */
    static OperatorRule along(int dimAt) {
        return (operator, flow) -> {
            Optional<Item> input = flow.item(operator.argument(0));
            Optional<Integer> dim =
                    input.flatMap(i -> flow.dim(Arguments.get(operator, dimAt, "dim"), i.shape().length));
            if (dim.isEmpty()) {
                flow.protectAll(operator, MIXES);
                return;
            }
            mix(operator, flow, d -> d == dim.get(), MIXES);
        };
    }
}
