package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that take a part of a tensor, or cut it into parts. */
final class SliceRules {
    private static final String COMPUTED = "takes a part whose bounds are computed";

    private SliceRules() {}

    /** {@code slice(input, dim, start, end, step)}. */
    static void slice(Operator operator, Flow flow) {
        Optional<long[]> shape = flow.shape(operator.argument(0));
        if (shape.isEmpty()) {
            return;
        }
        Argument dimGiven = Arguments.get(operator, 1, "dim");
        Optional<Integer> dim = Arguments.isNone(dimGiven) ? Optional.of(0) : flow.dim(dimGiven, shape.get().length);
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
        return (Arguments.isNone(start) || isNumber(start, 0))
                && (Arguments.isNone(end) || isNumber(end, Long.MAX_VALUE));
    }

    private static boolean isNumber(Argument argument, long number) {
        return argument instanceof Argument.Literal literal
                && literal.constant().equals(Optional.of(number));
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

    /** {@code unbind(input, dim)}: every index of a dimension by itself. */
    static void unbind(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        if (input.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        Argument given = Arguments.get(operator, 1, "dim");
        Optional<Integer> dim = Arguments.isNone(given)
                ? Optional.of(0)
                : flow.dim(given, input.get().shape().length);
        if (dim.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        flow.rigid(operator, operator.argument(0), dim.get());
        long[] shape = input.get().shape();
        long[] rest = IntStream.range(0, shape.length)
                .filter(d -> d != dim.get())
                .mapToLong(d -> shape[d])
                .toArray();
        List<Item> parts = new ArrayList<>();
        for (int i = 0; i < shape[dim.get()]; i++) {
            int index = i;
            parts.add(new Item(input.get().labels().map(l -> l.selected(dim.get(), index)), rest));
        }
        setParts(operator, flow, parts);
    }

    /** {@code chunk(input, parts, dim)}: equal parts must stay equal. */
    static void chunk(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        Optional<Integer> dim = input.flatMap(i -> dimOrFirst(Arguments.get(operator, 2, "dim"), i, flow));
        Optional<Long> parts = flow.integer(Arguments.get(operator, 1, "chunks"));
        if (dim.isEmpty() || parts.isEmpty() || parts.get() < 1) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        long size = input.get().shape()[dim.get()];
        long part = (size + parts.get() - 1) / parts.get();
        equalParts(operator, flow, input.get(), dim.get(), part);
    }

    /** {@code split(input, size, dim)} with one size for all parts, or {@code split_with_sizes(input, sizes, dim)}. */
    static void split(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        Optional<Integer> dim = input.flatMap(i -> dimOrFirst(Arguments.get(operator, 2, "dim"), i, flow));
        Place at = new Place(1, operator.named().containsKey("split_sizes") ? "split_sizes" : "split_size");
        Optional<Long> size = flow.integer(at.in(operator));
        if (dim.isPresent() && at.in(operator) instanceof Argument.Sequence sizes) {
            unequalParts(operator, flow, input.get(), dim.get(), at, sizes);
        } else if (dim.isEmpty() || size.isEmpty() || size.get() < 1) {
            flow.protectAll(operator, COMPUTED);
        } else {
            long whole = input.get().shape()[dim.get()];
            long parts = flow.noted(operator, 0, (whole + size.get() - 1) / size.get())[0];
            long part = varies(input.get(), dim.get()) ? (whole + parts - 1) / parts : size.get();
            if (part != size.get()) {
                flow.require(operator, at, part);
            }
            equalParts(operator, flow, input.get(), dim.get(), part);
        }
    }

    private static Optional<Integer> dimOrFirst(Argument given, Item input, Flow flow) {
        return Arguments.isNone(given) ? Optional.of(0) : flow.dim(given, input.shape().length);
    }

    private static boolean varies(Item item, int dim) {
        return item.labels().filter(l -> l.varies(dim)).isPresent();
    }

    private static void equalParts(Operator operator, Flow flow, Item input, int dim, long part) {
        long whole = input.shape()[dim];
        List<long[]> bounds = new ArrayList<>();
        for (long from = 0; from < whole; from += part) {
            bounds.add(new long[] {from, Math.min(whole, from + part)});
        }
        if (varies(input, dim)) {
            LabelArray labels = input.labels().get();
            if (whole % part != 0) {
                flow.protect(labels.cells(), operator, "is cut into parts of unequal size");
            }
            flow.balance(
                    operator,
                    bounds.stream()
                            .map(b -> part(labels, dim, b)
                                    .collapsed(d -> d != dim && !labels.varies(d))
                                    .cells())
                            .toList());
        }
        setParts(operator, flow, bounds.stream().map(b -> part(input, dim, b)).toList());
    }

    private static void unequalParts(
            Operator operator, Flow flow, Item input, int dim, Place at, Argument.Sequence sizes) {
        List<Long> given = new ArrayList<>();
        sizes.items().forEach(item -> flow.integer(item).ifPresent(given::add));
        if (given.size() != sizes.items().size()) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        long[] before = flow.noted(
                operator, 0, given.stream().mapToLong(Long::longValue).toArray());
        List<Item> parts = new ArrayList<>();
        long[] wanted = new long[before.length];
        long surveyed = 0;
        for (int i = 0; i < before.length; i++) {
            long from = varies(input, dim) ? flow.left(operator.argument(0), dim, surveyed) : surveyed;
            surveyed += before[i];
            long to = varies(input, dim) ? flow.left(operator.argument(0), dim, surveyed) : surveyed;
            wanted[i] = to - from;
            parts.add(part(input, dim, new long[] {from, to}));
        }
        if (varies(input, dim)) {
            flow.requireSizes(operator, at, wanted, false);
        }
        setParts(operator, flow, parts);
    }

    private static Item part(Item input, int dim, long[] bounds) {
        long[] shape = input.shape().clone();
        shape[dim] = bounds[1] - bounds[0];
        return new Item(input.labels().map(l -> part(l, dim, bounds)), shape);
    }

    private static LabelArray part(LabelArray labels, int dim, long[] bounds) {
        return labels.varies(dim)
                ? labels.picked(
                        dim, IntStream.range((int) bounds[0], (int) bounds[1]).toArray())
                : labels;
    }

    /** Parts go to as many outputs, or to one list. */
    static void setParts(Operator operator, Flow flow, List<Item> parts) {
        List<Value> outputs = operator.outputs();
        if (outputs.size() == 1 && outputs.get(0).type() == Value.Type.TENSOR_LIST) {
            flow.setList(operator, parts);
        } else if (outputs.size() == parts.size()) {
            for (int i = 0; i < parts.size(); i++) {
                Value output = outputs.get(i);
                parts.get(i).labels().ifPresent(labels -> flow.set(operator, output, labels));
            }
        } else {
            parts.forEach(part -> part.labels()
                    .ifPresent(l -> flow.protect(l.cells(), operator, "has another number of parts than are taken")));
        }
    }

    /** {@code prim.unpack(list)}. */
    static void unpack(Operator operator, Flow flow) {
        flow.items(operator.argument(0))
                .ifPresentOrElse(
                        items -> setParts(operator, flow, items),
                        () -> flow.protectAll(operator, "unpacks something that is not understood"));
    }

    /** {@code list[index]}. */
    static void item(Operator operator, Flow flow) {
        Optional<List<Item>> items = flow.items(operator.argument(0));
        Optional<Long> index = flow.integer(operator.argument(1));
        if (items.isEmpty()
                || index.isEmpty()
                || Math.abs(index.get()) > items.get().size()) {
            flow.protectAll(operator, "takes an item of something that is not understood");
            return;
        }
        int at = (int) (index.get() < 0 ? index.get() + items.get().size() : index.get());
        items.get().get(at).labels().ifPresent(labels -> flow.set(operator, labels));
    }

    /** {@code roll(input, shifts, dims)}, {@code flip(input, dims)}: elements stay in their dimension. */
    static OperatorRule turn(int dimsAt) {
        return (operator, flow) -> {
            Optional<LabelArray> labels = flow.labels(operator.argument(0));
            if (labels.isEmpty()) {
                return;
            }
            List<Integer> dims = new ArrayList<>();
            Argument given = Arguments.get(operator, dimsAt, "dims");
            List<Argument> named = given instanceof Argument.Sequence list ? list.items() : List.of(given);
            named.forEach(d -> flow.dim(d, labels.get().rank()).ifPresent(dims::add));
            if (dims.isEmpty() || dims.size() != named.size() || labels.get().variesAlong(dims::contains)) {
                flow.protectAll(operator, "moves units to other places");
                return;
            }
            flow.set(operator, labels.get());
        };
    }

    /** {@code glu(input, dim)}: the second half gates the first, index by index. */
    static void glu(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        Argument given = Arguments.get(operator, 1, "dim");
        Optional<Integer> dim = input.flatMap(
                i -> Arguments.isNone(given) ? Optional.of(i.shape().length - 1) : flow.dim(given, i.shape().length));
        if (dim.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        long half = input.get().shape()[dim.get()] / 2;
        Item first = part(input.get(), dim.get(), new long[] {0, half});
        Item second = part(input.get(), dim.get(), new long[] {half, 2 * half});
        new Broadcast(operator, flow, first.shape().length)
                .joinItems(Arrays.asList(first, second))
                .ifPresent(labels -> flow.set(operator, labels));
    }
}
