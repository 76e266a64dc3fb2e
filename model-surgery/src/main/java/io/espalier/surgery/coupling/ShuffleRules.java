package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that move elements to other places: channels among each other, or into space and back. */
final class ShuffleRules {
    private static final String MOVED = "moves units to other places";

    private ShuffleRules() {}

    /** Channels of a tensor of so many dimensions, the label of each, and the number that says how they are moved. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Channels(int rank, int dim, int[] line, int number) {
        LabelArray moved(int[] labels) {
            return LabelArray.along(rank, dim, labels);
        }
    }

    /** {@code dim}: of the channels, from the back when below zero. Empty when none has a label, or all are protected. */
    private static Optional<Channels> channels(Operator operator, Flow flow, int dim) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<Long> number = flow.integer(operator.argument(1));
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        int rank = labels.get().rank();
        int at = dim < 0 ? dim + rank : dim;
        if (number.isEmpty() || labels.get().variesAlong(d -> d != at)) {
            flow.protectAll(operator, MOVED);
            return Optional.empty();
        }
        int[] line = labels.get().line(at, labels.get().size(at));
        return Optional.of(new Channels(rank, at, line, Math.toIntExact(number.get())));
    }

    /** {@code pixel_shuffle(input, r)}: every r squared channels become one at r by r places, and go together. */
    static void pixelShuffle(Operator operator, Flow flow) {
        channels(operator, flow, -3).ifPresent(channels -> {
            int square = Math.multiplyExact(channels.number(), channels.number());
            int[] line = channels.line();
            int[] heads = new int[line.length / square];
            Arrays.setAll(heads, i -> line[i * square]);
            int[] repeated = repeated(heads, square);
            flow.joined(
                    LabelArray.along(1, 0, repeated),
                    LabelArray.along(1, 0, Arrays.copyOf(line, repeated.length)),
                    operator,
                    "moves channels into space");
            flow.set(operator, channels.moved(heads));
        });
    }

    /** {@code pixel_unshuffle(input, r)}: every channel becomes r squared. */
    static void pixelUnshuffle(Operator operator, Flow flow) {
        channels(operator, flow, -3)
                .ifPresent(channels -> flow.set(
                        operator,
                        channels.moved(
                                repeated(channels.line(), Math.multiplyExact(channels.number(), channels.number())))));
    }

    private static int[] repeated(int[] labels, int times) {
        int[] repeated = new int[labels.length * times];
        Arrays.setAll(repeated, i -> labels[i / times]);
        return repeated;
    }

    /** {@code channel_shuffle(input, groups)}: as view, transpose and view would do it. */
    static void channelShuffle(Operator operator, Flow flow) {
        channels(operator, flow, 1).ifPresent(channels -> {
            int rows = channels.number();
            int[] line = channels.line();
            int columns = line.length / rows;
            if (columns * rows != line.length) {
                throw new Inconsistent(operator, "cannot shuffle " + line.length + " channels in " + rows + " groups");
            }
            flow.inRows(operator, LabelArray.of(new int[] {rows, columns}, line));
            int[] shuffled = new int[line.length];
            Arrays.setAll(shuffled, i -> line[i % rows * columns + i / rows]);
            flow.set(operator, channels.moved(shuffled));
        });
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
