package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
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
    private static final String TOO_LARGE =
            "has more than " + Reshape.ELEMENT_LIMIT + " labels, record a smaller input";

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
            flow.protectAll(operator, TOO_LARGE);
        }
        result.ifPresent(found -> flow.set(operator, found));
    }

    /** {@code view(input, sizes)} and {@code reshape}: the sizes stand in the code or are computed. */
    static void view(Operator operator, Flow flow) {
        Place sizes = new Place(1, operator.named().containsKey("shape") ? "shape" : "size");
        if (!(sizes.in(operator) instanceof Argument.Sequence)) {
            if (flow.labels(operator.argument(0)).isPresent()) {
                flow.protectAll(operator, "takes its shape from something that is not understood");
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
            flow.protectAll(operator, "takes its shape from something that is not understood");
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
        List<Integer> dims = new ArrayList<>();
        Argument given = Arguments.get(operator, 1, "dim");
        List<Argument> named = given instanceof Argument.Sequence list
                ? list.items()
                : Arguments.isNone(given) ? List.of() : List.of(given);
        named.forEach(argument -> flow.dim(argument, shape.get().length).ifPresent(dims::add));
        if (dims.size() != named.size() || named.isEmpty()) {
            flow.protectAll(operator, "drops whichever dimensions have size one");
        } else if (labels.get().variesAlong(dims::contains)) {
            flow.protectAll(operator, "would drop the dimension of the units when one is left");
        } else {
            reshape(operator, flow);
        }
    }

    static void permute(Operator operator, Flow flow) {
        Optional<long[]> shape = flow.shape(operator.argument(0));
        Argument given = Arguments.get(operator, 1, "dims");
        if (shape.isEmpty() || !(given instanceof Argument.Sequence dims)) {
            flow.protectAll(operator, "a permutation that is computed");
            return;
        }
        int rank = shape.get().length;
        List<Integer> order = new ArrayList<>();
        dims.items().forEach(d -> flow.dim(d, rank).ifPresent(order::add));
        if (order.stream().distinct().count() != rank) {
            flow.protectAll(operator, "a permutation that is computed");
            return;
        }
        reorder(operator, flow, order.stream().mapToInt(Integer::intValue).toArray());
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

    /** {@code expand(input, sizes)}: copies along dimensions of size one, which go with what they are combined with. */
    static void expand(Operator operator, Flow flow) {
        Place sizes = new Place(1, "size");
        if (sizes.in(operator) instanceof Argument.Sequence list) {
            copies(operator, flow);
            long[] wanted = flow.shape(operator.outputs().get(0));
            for (int i = 0; i < Math.min(wanted.length, list.items().size()); i++) {
                // Here -1 does not stand for what is left over, but for the size that the dimension has.
                wanted[i] = flow.integer(list.items().get(i)).equals(Optional.of(-1L)) ? -1 : wanted[i];
            }
            flow.requireSizes(operator, sizes, wanted, false);
        } else {
            flow.protectAll(operator, "takes its shape from something that is not understood");
        }
    }

    /** {@code expand_as(input, other)}: the copies go with the other's units. */
    static void expandAs(Operator operator, Flow flow) {
        int rank = flow.shape(operator.outputs().get(0)).length;
        new Broadcast(operator, flow, rank)
                .join(List.of(operator.argument(0), operator.argument(1)))
                .ifPresent(labels -> flow.set(operator, labels));
    }

    /** {@code view_as(input, other)} and {@code reshape_as}: the other's sizes follow a cut, and must follow this one's. */
    static void viewAs(Operator operator, Flow flow) {
        long[] wanted = flow.shape(operator.outputs().get(0));
        Optional<long[]> given = flow.shape(operator.argument(1));
        if (given.isEmpty()) {
            flow.protectAll(operator, "takes its shape from something that is not understood");
            return;
        } else if (!Arrays.equals(given.get(), wanted)) {
            throw new Inconsistent(operator, "would take the shape of another number of units");
        }
        reshape(operator, flow);
    }

    private static void copies(Operator operator, Flow flow) {
        Optional<long[]> from = flow.shape(operator.argument(0));
        if (from.isEmpty()) {
            flow.protectAll(operator, "takes arguments that are not understood");
            return;
        }
        long[] to = flow.shape(operator.outputs().get(0));
        Optional<LabelArray> labels = labelsOfData(operator, flow);
        if (labels.isPresent()) {
            flow.set(operator, labels.get().leftPadded(to.length));
            return;
        }
        int dim = (int) flow.noted(operator, 0, channelCopies(from.get(), to))[0];
        if (dim > 0) {
            flow.set(operator, LabelArray.along(to.length, dim, flow.filling(operator, 0, to[dim])));
        }
    }

    /** Channels lie along dimension 1 of maps and along the last of token sequences; -1 when neither is copied. */
    private static int channelCopies(long[] from, long[] to) {
        for (int dim : new int[] {1, to.length - 1}) {
            int at = dim - (to.length - from.length);
            if (dim > 0 && dim < to.length && to[dim] > 1 && (at < 0 || from[at] == 1)) {
                return dim;
            }
        }
        return -1;
    }
}
