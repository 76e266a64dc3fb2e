package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that put tensors together, or copies of one. */
final class AssemblyRules {
    private AssemblyRules() {}

    /** {@code cat(tensors, dim)}. */
    static void cat(Operator operator, Flow flow) {
        Optional<List<Item>> items = flow.items(operator.argument(0));
        int rank = flow.shape(operator.outputs().get(0)).length;
        Optional<Integer> dim = flow.dim(Arguments.get(operator, 1, "dim"), rank, 0);
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
        int rank = flow.shape(operator.outputs().get(0)).length;
        Optional<Integer> dim = flow.dim(Arguments.get(operator, 1, "dim"), rank, 0);
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
            flow.protectAll(operator, Reshape.TOO_LARGE);
            return Optional.empty();
        }
        sizes[dim] = Math.toIntExact(total);
        int[] cells = new int[RowMajor.product(sizes)];
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
}
