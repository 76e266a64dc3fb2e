package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Operators that only move elements: they are run on an integer array whose elements are unit labels, and the labels are
 * read out of the result.
 */
final class LayoutRule {
    private static final int ELEMENT_LIMIT = 1 << 24;
    private static final String SCATTERS = "spreads units over several dimensions";

    private LayoutRule() {}

    /** {@code flatten} and other operators that keep the order of elements and have no sizes in the code. */
    static void reorderFree(Operator operator, Flow flow) {
        run(operator, flow, null);
    }

    /** {@code view} and {@code reshape}: the order of elements stays, the sizes stand in the code. */
    static void reshape(Operator operator, Flow flow) {
        Optional<Labels> after = run(operator, flow, null);
        if (!(operator.argument(1) instanceof Argument.Sequence sizes)) {
            flow.protectAll(operator, "a new shape that is computed");
            return;
        }
        for (int i = 0; i < sizes.items().size(); i++) {
            Argument size = sizes.items().get(i);
            Optional<int[]> counted = flow.counted(size);
            if (after.isEmpty() || after.get().dim() != i) {
                counted.ifPresent(c -> flow.protect(c, operator, "uses the number of units as another size"));
            } else if (counted.isPresent()) {
                if (!Arrays.equals(counted.get(), after.get().of())) {
                    flow.protectAll(operator, "uses the number of other units as a size");
                }
            } else if (!Arguments.integer(size).equals(Optional.of(-1L))) {
                flow.count(size, after.get().of(), operator);
            }
        }
    }

    /** {@code squeeze} of a named dimension that is not the units': that one it would drop when one unit is left. */
    static void squeeze(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<Integer> dim = input.flatMap(v -> Arguments.dim(operator.argument(1), flow.shape(v).length));
        if (dim.isEmpty()) {
            flow.protectAll(operator, "drops whichever dimensions have size one");
            return;
        } else if (flow.labels(operator.argument(0))
                .filter(l -> l.dim() == dim.get())
                .isPresent()) {
            flow.protectAll(operator, "would drop the dimension of the units when one is left");
            return;
        }
        run(operator, flow, null);
    }

    static void permute(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        if (input.isEmpty() || !(operator.argument(1) instanceof Argument.Sequence dims)) {
            flow.protectAll(operator, "a permutation that is computed");
            return;
        }
        int rank = flow.shape(input.get()).length;
        List<Integer> order = new ArrayList<>();
        dims.items().forEach(d -> Arguments.dim(d, rank).ifPresent(order::add));
        if (order.stream().distinct().count() != rank) {
            flow.protectAll(operator, "a permutation that is computed");
            return;
        }
        run(operator, flow, order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** {@code transpose(input, a, b)} and {@code t(input)}. */
    static void transpose(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        int rank = input.map(v -> flow.shape(v).length).orElse(0);
        boolean short2 = operator.arguments().size() == 1 && rank == 2;
        Optional<Integer> a = short2 ? Optional.of(0) : Arguments.dim(operator.argument(1), rank);
        Optional<Integer> b = short2 ? Optional.of(1) : Arguments.dim(operator.argument(2), rank);
        if (input.isEmpty() || a.isEmpty() || b.isEmpty()) {
            flow.protectAll(operator, "a transposition that is computed");
            return;
        }
        int[] order = IntStream.range(0, rank).toArray();
        order[a.get()] = b.get();
        order[b.get()] = a.get();
        run(operator, flow, order);
    }

    /** Runs on labels: dimensions permuted by {@code order} (none: kept), then seen in the output's recorded shape. */
    private static Optional<Labels> run(Operator operator, Flow flow, int[] order) {
        Optional<Labels> labels = flow.labels(operator.argument(0));
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        if (labels.isEmpty() || input.isEmpty()) {
            if (input.isEmpty()) {
                flow.protectAll(operator, "moves the elements of a stored tensor");
            }
            return Optional.empty();
        }
        if (Arrays.stream(flow.shape(input.get())).asDoubleStream().reduce(1, (a, b) -> a * b) > ELEMENT_LIMIT) {
            flow.protectAll(operator, "has more than " + ELEMENT_LIMIT + " elements, record a smaller input");
            return Optional.empty();
        } else if (labels.get().count() == 1) {
            flow.protectAll(operator, "is the only unit of its layer");
            return Optional.empty();
        }
        LabelArray array = LabelArray.of(flow.shape(input.get()), labels.get());
        if (order != null) {
            array = array.permuted(order);
        }
        Optional<Labels> result =
                array.reshaped(flow.shape(operator.outputs().get(0))).alongOneDim();
        if (result.isEmpty()) {
            flow.protect(labels.get().of(), operator, SCATTERS);
        }
        result.ifPresent(found -> flow.set(operator, found));
        return result;
    }
}
