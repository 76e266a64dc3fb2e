package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that move elements to other places: channels among each other, or into space and back. */
final class ShuffleRules {
    private static final String MOVED = "moves units to other places";

    private ShuffleRules() {}

    /** {@code pixel_shuffle(input, r)}: every r squared channels become one at r by r places, and go together. */
    static void pixelShuffle(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<Long> factor = flow.integer(operator.argument(1));
        if (labels.isEmpty()) {
            return;
        }
        int dim = labels.get().rank() - 3;
        if (factor.isEmpty() || labels.get().variesAlong(d -> d != dim)) {
            flow.protectAll(operator, MOVED);
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
            flow.protectAll(operator, MOVED);
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
            flow.protectAll(operator, MOVED);
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

    /** {@code roll(input, shifts, dims)}, {@code flip(input, dims)}: elements stay in their dimension. */
    static OperatorRule turn(int dimsAt) {
        return (operator, flow) -> {
            Optional<LabelArray> labels = flow.labels(operator.argument(0));
            if (labels.isEmpty()) {
                return;
            }
            Optional<List<Integer>> dims = flow.dims(
                    Arguments.get(operator, dimsAt, "dims"), labels.get().rank());
            if (dims.isEmpty() || dims.get().isEmpty() || labels.get().variesAlong(dims.get()::contains)) {
                flow.protectAll(operator, MOVED);
                return;
            }
            flow.set(operator, labels.get());
        };
    }
}
