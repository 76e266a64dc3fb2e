package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that take a part of a tensor. */
final class SliceRules {
    /** Why labels are protected whose part is known only when the model runs. */
    static final String COMPUTED = "takes a part whose bounds are computed";

    private SliceRules() {}

    /** {@code slice(input, dim, start, end, step)}. */
    static void slice(Operator operator, Flow flow) {
        Optional<long[]> shape = flow.shape(operator.argument(0));
        if (shape.isEmpty()) {
            return;
        }
        Optional<Integer> dim = flow.dim(Arguments.get(operator, 1, "dim"), shape.get().length, 0);
        // What takes all of one dimension is about to take a part of another: [:, :n].
        Optional<LabelArray> labels =
                ShapeRules.labelsOfData(operator, flow, d -> !takesAll(operator) || dim.equals(Optional.of(d)));
        if (labels.isEmpty()) {
            return;
        }
        Place from = new Place(2, "start");
        Place to = new Place(3, "end");
        Optional<Long> step = orElse(Arguments.get(operator, 4, "step"), 1, flow);
        Optional<Long> start = orElse(from.in(operator), 0, flow);
        Optional<Long> end = orElse(to.in(operator), Long.MAX_VALUE, flow);
        if (dim.isEmpty() || step.isEmpty() || start.isEmpty() || end.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        } else if (!labels.get().varies(dim.get())) {
            flow.set(operator, labels.get());
            return;
        }
        flow.cover();
        long size = labels.get().size(dim.get());
        long[] now = {bound(start.get(), size), bound(end.get(), size)};
        long[] before = flow.noted(operator, 0, now);
        long[] wanted = {
            flow.left(operator.argument(0), dim.get(), before[0]), flow.left(operator.argument(0), dim.get(), before[1])
        };
        if (step.get() == 1 && now[0] != wanted[0]) {
            flow.require(operator, from, wanted[0]);
        }
        // A number beyond the end does no harm here, but would where several samples lie along this dimension.
        boolean beyond = flow.noted(operator, 1, end.get() > size ? 1 : 0)[0] == 0 && end.get() > size;
        if (step.get() == 1 && (now[1] != wanted[1] || beyond)) {
            flow.require(operator, to, wanted[1]);
        }
        long[] bounds = step.get() == 1 ? wanted : now;
        int[] indices = IntStream.iterate(
                        (int) bounds[0],
                        i -> i < bounds[1],
                        i -> i + (int) step.get().longValue())
                .toArray();
        flow.set(operator, labels.get().picked(dim.get(), indices));
    }

    private static boolean takesAll(Operator operator) {
        Argument start = Arguments.get(operator, 2, "start");
        Argument end = Arguments.get(operator, 3, "end");
        return (Arguments.isNone(start) || Arguments.is(start, 0L))
                && (Arguments.isNone(end) || Arguments.is(end, Long.MAX_VALUE));
    }

    /** {@code narrow(input, dim, start, length)}. */
    static void narrow(Operator operator, Flow flow) {
        Optional<LabelArray> labels = ShapeRules.labelsOfData(operator, flow);
        Optional<long[]> shape = flow.shape(operator.argument(0));
        if (labels.isEmpty() || shape.isEmpty()) {
            return;
        }
        Optional<Integer> dim = flow.dim(Arguments.get(operator, 1, "dim"), shape.get().length);
        Optional<Long> start = flow.integer(Arguments.get(operator, 2, "start"));
        Optional<Long> length = flow.integer(Arguments.get(operator, 3, "length"));
        if (dim.isEmpty() || start.isEmpty() || length.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        } else if (!labels.get().varies(dim.get())) {
            flow.set(operator, labels.get());
            return;
        }
        long[] before = flow.noted(operator, 0, start.get(), start.get() + length.get());
        Argument input = operator.argument(0);
        int first = (int) flow.left(input, dim.get(), before[0]);
        int end = (int) flow.left(input, dim.get(), before[1]);
        flow.require(operator, new Place(2, "start"), first);
        flow.require(operator, new Place(3, "length"), end - first);
        flow.set(
                operator,
                labels.get().picked(dim.get(), IntStream.range(first, end).toArray()));
    }

    private static Optional<Long> orElse(Argument argument, long absent, Flow flow) {
        return Arguments.isNone(argument) ? Optional.of(absent) : flow.integer(argument);
    }

    private static long bound(long given, long size) {
        return Math.max(0, Math.min(size, given < 0 ? given + size : given));
    }

    /** {@code select(input, dim, index)}: one index, without its dimension. */
    static void select(Operator operator, Flow flow) {
        Optional<LabelArray> labels = ShapeRules.labelsOfData(operator, flow);
        Optional<long[]> shape = flow.shape(operator.argument(0));
        if (labels.isEmpty() || shape.isEmpty()) {
            return;
        }
        Optional<Integer> dim = flow.dim(Arguments.get(operator, 1, "dim"), shape.get().length);
        Optional<Long> index = flow.integer(Arguments.get(operator, 2, "index"));
        if (dim.isEmpty() || index.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        } else if (!labels.get().varies(dim.get())) {
            flow.set(operator, labels.get().selected(dim.get(), 0));
            return;
        }
        flow.rigid(operator, operator.argument(0), dim.get());
        long size = labels.get().size(dim.get());
        long before = flow.noted(operator, 0, index.get() < 0 ? index.get() + size : index.get())[0];
        flow.set(operator, labels.get().selected(dim.get(), (int) before));
    }
}
