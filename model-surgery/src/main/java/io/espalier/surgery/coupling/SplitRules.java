package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that cut a tensor into parts. */
final class SplitRules {
    private SplitRules() {}

    /** {@code unbind(input, dim)}: every index of a dimension by itself. */
    static void unbind(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        if (input.isEmpty()) {
            flow.protectAll(operator, SliceRules.COMPUTED);
            return;
        }
        Optional<Integer> dim =
                flow.dim(Arguments.get(operator, 1, "dim"), input.get().shape().length, 0);
        if (dim.isEmpty()) {
            flow.protectAll(operator, SliceRules.COMPUTED);
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
        ListRules.setParts(operator, flow, parts);
    }

    /** {@code chunk(input, parts, dim)}: equal parts must stay equal. */
    static void chunk(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        Optional<Integer> dim = input.flatMap(i -> flow.dim(Arguments.get(operator, 2, "dim"), i.shape().length, 0));
        Optional<Long> parts = flow.integer(Arguments.get(operator, 1, "chunks"));
        if (dim.isEmpty() || parts.isEmpty() || parts.get() < 1) {
            flow.protectAll(operator, SliceRules.COMPUTED);
            return;
        }
        long size = input.get().shape()[dim.get()];
        long part = (size + parts.get() - 1) / parts.get();
        equalParts(operator, flow, input.get(), dim.get(), part);
    }

    /** {@code split(input, size, dim)} with one size for all parts, or {@code split_with_sizes(input, sizes, dim)}. */
    static void split(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        Optional<Integer> dim = input.flatMap(i -> flow.dim(Arguments.get(operator, 2, "dim"), i.shape().length, 0));
        Place at = new Place(1, operator.named().containsKey("split_sizes") ? "split_sizes" : "split_size");
        Optional<Long> size = flow.integer(at.in(operator));
        if (dim.isPresent() && at.in(operator) instanceof Argument.Sequence sizes) {
            unequalParts(operator, flow, input.get(), dim.get(), at, sizes);
        } else if (dim.isEmpty() || size.isEmpty() || size.get() < 1) {
            flow.protectAll(operator, SliceRules.COMPUTED);
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
        ListRules.setParts(
                operator, flow, bounds.stream().map(b -> part(input, dim, b)).toList());
    }

    private static void unequalParts(
            Operator operator, Flow flow, Item input, int dim, Place at, Argument.Sequence sizes) {
        List<Long> given = new ArrayList<>();
        sizes.items().forEach(item -> flow.integer(item).ifPresent(given::add));
        if (given.size() != sizes.items().size()) {
            flow.protectAll(operator, SliceRules.COMPUTED);
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
        ListRules.setParts(operator, flow, parts);
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

    /** {@code glu(input, dim)}: the second half gates the first, index by index. */
    static void glu(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        Optional<Integer> dim = input.map(Item::shape)
                .flatMap(s -> flow.dim(Arguments.get(operator, 1, "dim"), s.length, s.length - 1));
        if (dim.isEmpty()) {
            flow.protectAll(operator, SliceRules.COMPUTED);
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
