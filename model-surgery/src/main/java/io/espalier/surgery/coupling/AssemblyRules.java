package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that put tensors together, pad them, repeat them, or move channels into space and back. */
final class AssemblyRules {
    private AssemblyRules() {}

    /** {@code cat(tensors, dim)}. */
    static void cat(Operator operator, Flow flow) {
        Optional<List<Item>> items = flow.items(operator.argument(0));
        int rank = flow.shape(operator.outputs().get(0)).length;
        Argument given = Arguments.get(operator, 1, "dim");
        Optional<Integer> dim = Arguments.isNone(given) ? Optional.of(0) : flow.dim(given, rank);
        if (items.isEmpty() || dim.isEmpty()) {
            flow.protectAll(operator, "a concatenation of what is not a plain list of tensors");
            return;
        }
        // An empty tensor of one dimension is passed over, as old code relies on.
        List<Item> parts =
                items.get().stream().filter(item -> item.shape().length == rank).toList();
        join(operator, flow, parts, dim.get()).ifPresent(labels -> flow.set(operator, labels));
    }

    /** {@code stack(tensors, dim)}: a concatenation along a new dimension. */
    static void stack(Operator operator, Flow flow) {
        Optional<List<Item>> items = flow.items(operator.argument(0));
        Argument given = Arguments.get(operator, 1, "dim");
        int rank = flow.shape(operator.outputs().get(0)).length;
        Optional<Integer> dim = Arguments.isNone(given) ? Optional.of(0) : flow.dim(given, rank);
        if (items.isEmpty() || dim.isEmpty()) {
            flow.protectAll(operator, "a stack of what is not a plain list of tensors");
            return;
        }
        List<Item> parts = new ArrayList<>();
        for (Item item : items.get()) {
            long[] shape = new long[rank];
            for (int d = 0; d < rank; d++) {
                shape[d] = d == dim.get() ? 1 : item.shape()[d < dim.get() ? d : d - 1];
            }
            parts.add(new Item(item.labels().map(l -> l.inserted(dim.get())), shape));
        }
        join(operator, flow, parts, dim.get()).ifPresent(labels -> flow.set(operator, labels));
    }

    private static Optional<LabelArray> join(Operator operator, Flow flow, List<Item> parts, int dim) {
        List<LabelArray> tracked =
                parts.stream().flatMap(p -> p.labels().stream()).toList();
        if (tracked.isEmpty()) {
            return Optional.empty();
        }
        boolean across = tracked.stream().noneMatch(l -> l.varies(dim)) && tracked.size() == parts.size();
        if (across) {
            LabelArray all = tracked.get(0);
            boolean alike = tracked.stream()
                    .allMatch(l -> Arrays.equals(l.sizes(), tracked.get(0).sizes()));
            for (LabelArray other : alike ? tracked : List.<LabelArray>of()) {
                all = flow.joined(all, other, operator, "is concatenated with untracked channels");
            }
            if (alike) {
                return Optional.of(all);
            }
        }
        return inOrder(operator, flow, parts, dim);
    }

    /** All parts written out along the dimension and wherever any of them changes. */
    private static Optional<LabelArray> inOrder(Operator operator, Flow flow, List<Item> parts, int dim) {
        int rank = parts.get(0).shape().length;
        int[] sizes = new int[rank];
        Arrays.fill(sizes, 1);
        for (Item part : parts) {
            for (int d = 0; d < rank; d++) {
                int other = d;
                if (d != dim && part.labels().filter(l -> l.varies(other)).isPresent()) {
                    sizes[d] = Math.toIntExact(part.shape()[d]);
                }
            }
        }
        long total = parts.stream().mapToLong(p -> p.shape()[dim]).sum();
        if (total * Arrays.stream(sizes).asLongStream().reduce(1, Math::multiplyExact) > Reshape.ELEMENT_LIMIT) {
            flow.protectAll(operator, "has more than " + Reshape.ELEMENT_LIMIT + " labels, record a smaller input");
            return Optional.empty();
        }
        sizes[dim] = Math.toIntExact(total);
        int[] cells = new int[LabelArray.product(sizes)];
        int inner = IntStream.range(dim + 1, rank).map(d -> sizes[d]).reduce(1, Math::multiplyExact);
        int at = 0;
        for (Item part : parts) {
            int[] own = sizes.clone();
            own[dim] = Math.toIntExact(part.shape()[dim]);
            if (part.labels().isPresent()) {
                int[] written = part.labels().get().expanded(own).cells();
                int run = own[dim] * inner;
                for (int outer = 0; run > 0 && outer < written.length / run; outer++) {
                    System.arraycopy(written, outer * run, cells, outer * sizes[dim] * inner + at, run);
                }
            }
            at += own[dim] * inner;
        }
        return Optional.of(LabelArray.of(sizes, cells));
    }

    /** {@code pad(input, [left, right, top, bottom, ...])}: two widths per dimension, last dimension first. */
    static void pad(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Place at = new Place(1, "pad");
        if (labels.isEmpty()) {
            return;
        }
        if (!(at.in(operator) instanceof Argument.Sequence widths)) {
            flow.protectAll(operator, "pads by widths that are not understood");
            return;
        }
        int rank = labels.get().rank();
        boolean constant = padsByAConstant(operator);
        LabelArray padded = labels.get();
        long[] wanted = new long[widths.items().size()];
        for (int i = 0; i + 1 < wanted.length; i += 2) {
            int dim = rank - 1 - i / 2;
            Optional<Long> left = flow.integer(widths.items().get(i));
            Optional<Long> right = flow.integer(widths.items().get(i + 1));
            boolean along = dim >= 0 && padded.varies(dim);
            if (along && (left.isEmpty() || right.isEmpty())) {
                flow.protectAll(operator, "pads the dimension of the units by widths that are not understood");
                return;
            } else if (left.isEmpty() || right.isEmpty()) {
                flow.set(operator, padded);
                return;
            }
            long[] surveyed = flow.noted(operator, i, left.get(), right.get());
            wanted[i] = surveyed[0];
            wanted[i + 1] = surveyed[1];
            boolean none = wanted[i] == 0 && wanted[i + 1] == 0;
            if (along && !none && (!constant || wanted[i] < 0 || wanted[i + 1] < 0)) {
                flow.protectAll(operator, "pads the dimension of the units");
                return;
            } else if (along && !none) {
                int[] before = flow.filling(operator, i, wanted[i]);
                int[] behind = flow.filling(operator, i + 1, wanted[i + 1]);
                wanted[i] = before.length;
                wanted[i + 1] = behind.length;
                padded = widened(padded, dim, before, behind);
            }
        }
        flow.requireSizes(operator, at, wanted, false);
        flow.set(operator, padded);
    }

    private static boolean padsByAConstant(Operator operator) {
        Argument mode = Arguments.get(operator, 2, "mode");
        boolean asTold = Arguments.isNone(mode)
                || (mode instanceof Argument.Literal literal
                        && literal.constant().equals(Optional.of("constant")));
        return operator.name().startsWith("constant_pad") || (operator.name().equals("pad") && asTold);
    }

    private static LabelArray widened(LabelArray labels, int dim, int[] before, int[] behind) {
        int[] sizes = labels.sizes();
        int inner = labels.stride(dim);
        int old = sizes[dim];
        sizes[dim] = before.length + old + behind.length;
        int[] cells = new int[LabelArray.product(sizes)];
        for (int i = 0; i < cells.length; i++) {
            int index = i / inner % sizes[dim];
            int outer = i / inner / sizes[dim];
            cells[i] = index < before.length
                    ? before[index]
                    : index < before.length + old
                            ? labels.cells()[(outer * old + index - before.length) * inner + i % inner]
                            : behind[index - before.length - old];
        }
        return LabelArray.of(sizes, cells);
    }

    /** {@code repeat(input, repeats)}: copies of the whole, one after the other. */
    static void repeat(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        if (labels.isEmpty()) {
            return;
        }
        Argument given = Arguments.get(operator, 1, operator.name().equals("tile") ? "dims" : "repeats");
        List<Long> times = new ArrayList<>();
        if (given instanceof Argument.Sequence list) {
            list.items().forEach(item -> flow.integer(item).ifPresent(times::add));
        }
        if (!(given instanceof Argument.Sequence list)
                || times.size() != list.items().size()) {
            flow.protectAll(operator, "repeats by numbers that are not understood");
            return;
        }
        int rank = Math.max(times.size(), labels.get().rank());
        LabelArray result = labels.get().leftPadded(rank);
        for (int d = 0; d < rank; d++) {
            int at = d - (rank - times.size());
            if (at >= 0 && result.varies(d)) {
                int size = result.size(d);
                int[] indices = new int[Math.toIntExact(size * times.get(at))];
                Arrays.setAll(indices, i -> i % size);
                result = result.picked(d, indices);
            }
        }
        flow.set(operator, result);
    }

    /** {@code pixel_shuffle(input, r)}: every r squared channels become one at r by r places, and go together. */
    static void pixelShuffle(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<Long> factor = flow.integer(operator.argument(1));
        if (labels.isEmpty()) {
            return;
        }
        int dim = labels.get().rank() - 3;
        if (factor.isEmpty() || labels.get().variesAlong(d -> d != dim)) {
            flow.protectAll(operator, "moves units to other places");
            return;
        }
        int square = Math.toIntExact(factor.get() * factor.get());
        int[] line = labels.get().line(dim, labels.get().size(dim));
        int[] heads = new int[line.length / square];
        Arrays.setAll(heads, i -> line[i * square]);
        int[] repeated = new int[heads.length * square];
        Arrays.setAll(repeated, i -> heads[i / square]);
        flow.joined(
                LabelArray.along(1, 0, repeated),
                LabelArray.along(1, 0, Arrays.copyOf(line, repeated.length)),
                operator,
                "moves channels into space");
        flow.set(operator, LabelArray.along(labels.get().rank(), dim, heads));
    }

    /** {@code pixel_unshuffle(input, r)}: every channel becomes r squared. */
    static void pixelUnshuffle(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<Long> factor = flow.integer(operator.argument(1));
        if (labels.isEmpty()) {
            return;
        }
        int dim = labels.get().rank() - 3;
        if (factor.isEmpty() || labels.get().variesAlong(d -> d != dim)) {
            flow.protectAll(operator, "moves units to other places");
            return;
        }
        int square = Math.toIntExact(factor.get() * factor.get());
        int[] line = labels.get().line(dim, labels.get().size(dim));
        int[] repeated = new int[line.length * square];
        Arrays.setAll(repeated, i -> line[i / square]);
        flow.set(operator, LabelArray.along(labels.get().rank(), dim, repeated));
    }

    /** {@code channel_shuffle(input, groups)}: as view, transpose and view would do it. */
    static void channelShuffle(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<Long> groups = flow.integer(operator.argument(1));
        if (labels.isEmpty()) {
            return;
        } else if (groups.isEmpty() || labels.get().variesAlong(d -> d != 1)) {
            flow.protectAll(operator, "moves units to other places");
            return;
        }
        int rows = Math.toIntExact(groups.get());
        int[] line = labels.get().line(1, labels.get().size(1));
        int columns = line.length / rows;
        if (columns * rows != line.length) {
            throw new Inconsistent(operator, "cannot shuffle " + line.length + " channels in " + rows + " groups");
        }
        flow.inRows(operator, LabelArray.of(new int[] {rows, columns}, line));
        int[] shuffled = new int[line.length];
        Arrays.setAll(shuffled, i -> line[i % rows * columns + i / rows]);
        flow.set(operator, LabelArray.along(labels.get().rank(), 1, shuffled));
    }
}
