package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static void mix(Operator operator, Flow flow, IntPredicate dims, String reason) {
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
            Optional<Set<Integer>> dims =
                    dims(Arguments.get(operator, dimsAt, "dim"), input.get().shape().length, flow);
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

    private static Optional<Set<Integer>> dims(Argument argument, int rank, Flow flow) {
        Set<Integer> dims = new TreeSet<>();
        if (!(argument instanceof Argument.Sequence sequence)) {
            return flow.dim(argument, rank).map(Set::of);
        }
        for (Argument item : sequence.items()) {
            flow.dim(item, rank).ifPresent(dims::add);
        }
        return dims.size() == sequence.items().size() ? Optional.of(dims) : Optional.empty();
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

    /** {@code layer_norm(input, normalized_shape, weight, bias)}: its mean and variance are over the last dimensions. */
    static void layerNorm(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        if (input.isEmpty() || !(operator.argument(1) instanceof Argument.Sequence normalized)) {
            flow.protectAll(operator, "normalises over sizes that are computed");
            return;
        }
        flow.isWeight(operator.argument(2));
        flow.isWeight(operator.argument(3));
        int first = input.get().shape().length - normalized.items().size();
        mix(operator, flow, d -> d >= first, "normalises over the units: mean and variance would change");
    }

    /** {@code group_norm(input, groups, weight, bias)}: whole groups may go. */
    static void groupNorm(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<Item> input = flow.item(operator.argument(0));
        Optional<Long> groups = flow.integer(operator.argument(1));
        if (labels.isEmpty() || input.isEmpty()) {
            return;
        } else if (groups.isEmpty()
                || labels.get().variesAlong(d -> d != 1)
                || !Arguments.isStoredOrNone(operator.argument(2))
                || !Arguments.isStoredOrNone(operator.argument(3))) {
            flow.protectAll(operator, "a norm that does not run along the units");
            return;
        }
        flow.isWeight(operator.argument(2));
        flow.isWeight(operator.argument(3));
        int channels = labels.get().size(1);
        int before = (int) flow.noted(operator, 0, groups.get())[0];
        int inGroup = (int) flow.noted(operator, 1, channels / groups.get())[0];
        if (channels % inGroup != 0 || channels / inGroup > before) {
            throw new Inconsistent(operator, "would have groups of unequal size");
        }
        int[] line = labels.get().line(1, channels);
        if (inGroup > 1) {
            int[] heads = line.clone();
            for (int i = 0; i < heads.length; i++) {
                heads[i] = line[i / inGroup * inGroup];
            }
            flow.joined(
                    LabelArray.along(1, 0, line), LabelArray.along(1, 0, heads), operator, "normalises within groups");
        }
        flow.require(operator, new Place(1, "num_groups"), channels / inGroup);
        for (int i = 2; i <= 3; i++) {
            Optional<Parameter> vector = Arguments.stored(operator.argument(i));
            vector.ifPresent(v -> flow.record(v, Map.of(0, line), operator));
        }
        flow.set(operator, labels.get());
    }
}
