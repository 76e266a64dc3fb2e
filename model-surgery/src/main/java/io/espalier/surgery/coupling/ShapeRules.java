package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Operators that keep all elements and give them another shape or order of dimensions: they are run on the labels, and
 * the labels are read out of the result.
 */
final class ShapeRules {
    /** Why labels are protected whose tensor is given a shape that is known only when the model runs. */
    static final String UNKNOWN_SHAPE = "takes its shape from something that is not understood";

    /** Stored whole numbers say where something is, not what it is. */
    static final Set<ElementType> INDICES = Set.of(ElementType.INT64, ElementType.INT32);

    private ShapeRules() {}

    /** {@code flatten}, {@code unsqueeze} and others whose sizes do not stand in the code. */
    static void reshape(Operator operator, Flow flow) {
        Value output = operator.outputs().get(0);
        Optional<LabelArray> labels = labelsOfData(operator, flow);
        if (labels.isEmpty()) {
            return;
        }
        long[] from = flow.shape(operator.argument(0)).orElseThrow();
        Optional<LabelArray> result = Reshape.of(labels.get(), from, flow.shape(output));
        if (result.isEmpty()) {
            flow.protectAll(operator, Reshape.TOO_LARGE);
        }
        result.ifPresent(found -> flow.set(operator, found));
    }

    /** {@code view(input, sizes)} and {@code reshape}: the sizes stand in the code or are computed. */
    static void view(Operator operator, Flow flow) {
        Place sizes = new Place(1, operator.named().containsKey("shape") ? "shape" : "size");
        if (!(sizes.in(operator) instanceof Argument.Sequence)) {
            if (flow.labels(operator.argument(0)).isPresent()) {
                flow.protectAll(operator, UNKNOWN_SHAPE);
            }
            return;
        }
        reshape(operator, flow);
        flow.requireSizes(operator, sizes, flow.shape(operator.outputs().get(0)), true);
    }

    /** {@code unflatten(input, dim, sizes)}. */
    static void unflatten(Operator operator, Flow flow) {
        Optional<long[]> shape = flow.shape(operator.argument(0));
        Optional<Integer> dim = shape.flatMap(s -> flow.dim(Arguments.get(operator, 1, "dim"), s.length));
        Place sizes = new Place(2, "sizes");
        if (dim.isEmpty() || !(sizes.in(operator) instanceof Argument.Sequence list)) {
            flow.protectAll(operator, UNKNOWN_SHAPE);
            return;
        }
        reshape(operator, flow);
        long[] all = flow.shape(operator.outputs().get(0));
        flow.requireSizes(
                operator,
                sizes,
                Arrays.copyOfRange(all, dim.get(), dim.get() + list.items().size()),
                true);
    }

    /** {@code squeeze} of a named dimension that is not the units': that one it would drop when one unit is left. */
    static void squeeze(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<long[]> shape = flow.shape(operator.argument(0));
        if (labels.isEmpty() || shape.isEmpty()) {
            return;
        }
        Optional<List<Integer>> dims =
                flow.dims(Arguments.get(operator, 1, "dim"), shape.get().length).filter(named -> !named.isEmpty());
        if (dims.isEmpty()) {
            flow.protectAll(operator, "drops whichever dimensions have size one");
        } else if (labels.get().variesAlong(dims.get()::contains)) {
            flow.protectAll(operator, "would drop the dimension of the units when one is left");
        } else {
            reshape(operator, flow);
        }
    }

    static void permute(Operator operator, Flow flow) {
        Argument given = Arguments.get(operator, 1, "dims");
        Optional<List<Integer>> order = flow.shape(operator.argument(0))
                .filter(shape -> given instanceof Argument.Sequence)
                .flatMap(shape -> flow.dims(given, shape.length)
                        .filter(dims -> dims.stream().distinct().count() == shape.length));
        if (order.isEmpty()) {
            flow.protectAll(operator, "a permutation that is computed");
            return;
        }
        reorder(operator, flow, order.get().stream().mapToInt(Integer::intValue).toArray());
    }

    /** {@code transpose(input, a, b)}, and {@code t}, {@code numpy_T} and {@code mT} without dimensions. */
    static void transpose(Operator operator, Flow flow) {
        int rank = flow.shape(operator.argument(0)).map(s -> s.length).orElse(0);
        boolean lastTwo = operator.arguments().size() == 1 && rank >= 2;
        Optional<Integer> a = lastTwo ? Optional.of(rank - 2) : flow.dim(Arguments.get(operator, 1, "dim0"), rank);
        Optional<Integer> b = lastTwo ? Optional.of(rank - 1) : flow.dim(Arguments.get(operator, 2, "dim1"), rank);
        if (a.isEmpty() || b.isEmpty()) {
            flow.protectAll(operator, "a transposition that is computed");
            return;
        }
        int[] order = IntStream.range(0, rank).toArray();
        order[a.get()] = b.get();
        order[b.get()] = a.get();
        reorder(operator, flow, order);
    }

    private static void reorder(Operator operator, Flow flow, int[] order) {
        labelsOfData(operator, flow).ifPresent(labels -> flow.set(operator, labels.permuted(order)));
    }

    /** Labels of the first operand; a stored tensor that is used as data goes along its last dimension. */
    static Optional<LabelArray> labelsOfData(Operator operator, Flow flow) {
        return labelsOfData(operator, flow, d -> true);
    }

    /** The same, with a stored tensor's labels along the last of some dimensions, or of all if those hold one index. */
    static Optional<LabelArray> labelsOfData(Operator operator, Flow flow, IntPredicate preferred) {
        Argument operand = operator.argument(0);
        return Arguments.stored(operand)
                .filter(p -> p.elements() > 1 && !INDICES.contains(p.type()))
                .map(p -> {
                    long[] shape = p.shape();
                    int dim = lastOf(shape, preferred)
                            .orElseGet(() -> lastOf(shape, d -> true).orElseThrow());
                    return LabelArray.along(shape.length, dim, flow.data(operator, p, dim));
                })
                .or(() -> flow.labels(operand));
    }

    private static Optional<Integer> lastOf(long[] shape, IntPredicate dims) {
        return IntStream.range(0, shape.length)
                .filter(d -> shape[d] > 1 && dims.test(d))
                .boxed()
                .reduce((first, second) -> second);
    }

    /** {@code view_as(input, other)} and {@code reshape_as}: the other's sizes follow a cut, and must follow this one's. */
    static void viewAs(Operator operator, Flow flow) {
        long[] wanted = flow.shape(operator.outputs().get(0));
        Optional<long[]> given = flow.shape(operator.argument(1));
        if (given.isEmpty()) {
            flow.protectAll(operator, UNKNOWN_SHAPE);
            return;
        } else if (!Arrays.equals(given.get(), wanted)) {
            throw new Inconsistent(operator, "would take the shape of another number of units");
        }
        reshape(operator, flow);
    }
}
