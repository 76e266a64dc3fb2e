package io.espalier.surgery.refit;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Convolution;
import io.espalier.surgery.graph.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which positions of its input a layer reads for one position of its output. A linear layer reads the same position.
 *
 * @param sizes of the input's positions, dimension by dimension
 * @param outputs sizes of the output's positions
 * @param groups in how many groups channels are convolved
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Window(
        long[] sizes, long[] outputs, long[] kernel, long[] stride, long[] padding, long[] dilation, int groups) {
    /** A linear layer's. */
    static Window ofPoints(long[] sizes) {
        long[] ones = filled(sizes.length, 1);
        return new Window(sizes, sizes, ones, ones, filled(sizes.length, 0), ones, 1);
    }

    /** A convolution's, of shapes with a batch; empty when its numbers are computed, or it is a transposed one. */
    static Optional<Window> of(Operator convolution, long[] input, long[] output, long[] weight) {
        int rank = weight.length - 2;
        boolean full = convolution.name().equals("_convolution");
        if (Convolution.isTransposed(convolution) || input.length != weight.length) {
            return Optional.empty();
        }
        Optional<long[]> stride = numbers(Arguments.get(convolution, 3, "stride"), rank, 1);
        Optional<long[]> padding = numbers(Arguments.get(convolution, 4, "padding"), rank, 0);
        Optional<long[]> dilation = numbers(Arguments.get(convolution, 5, "dilation"), rank, 1);
        Optional<long[]> groups = numbers(Arguments.get(convolution, full ? 8 : 6, "groups"), 1, 1);
        if (stride.isEmpty() || padding.isEmpty() || dilation.isEmpty() || groups.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Window(
                Arrays.copyOfRange(input, 2, input.length),
                Arrays.copyOfRange(output, 2, output.length),
                Arrays.copyOfRange(weight, 2, weight.length),
                stride.get(),
                padding.get(),
                dilation.get(),
                Math.toIntExact(groups.get()[0])));
    }

    /** One number for each of the dimensions, or one for all. */
    private static Optional<long[]> numbers(Argument argument, int count, long unsaid) {
        if (Arguments.isNone(argument)) {
            return Optional.of(filled(count, unsaid));
        }
        List<Argument> items = Arguments.flat(argument).toList();
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            Argument item = items.size() == 1 ? items.get(0) : i < items.size() ? items.get(i) : argument;
            if (!(item instanceof Argument.Literal literal)
                    || !(literal.constant().orElse(null) instanceof Long number)) {
                return Optional.empty();
            }
            numbers[i] = number;
        }
        return Optional.of(numbers);
    }

    private static long[] filled(int count, long value) {
        long[] all = new long[count];
        Arrays.fill(all, value);
        return all;
    }

    /** How many positions of the output there are. */
    public long positions() {
        return Arrays.stream(outputs).reduce(1, Math::multiplyExact);
    }

    /** How many positions of the input are read for one of the output. */
    public int reach() {
        return Math.toIntExact(Arrays.stream(kernel).reduce(1, Math::multiplyExact));
    }

    /** The zeros around the input, as a tap has them. */
    long[] border() {
        if (Arrays.stream(padding).allMatch(p -> p == 0)) {
            return new long[0];
        }
        long[] border = new long[2 * padding.length];
        for (int d = 0; d < padding.length; d++) {
            int last = 2 * (padding.length - 1 - d);
            border[last] = padding[d];
            border[last + 1] = padding[d];
        }
        return border;
    }

    /** For each of these positions of the output, all it reads: row-major indices into the input with its border. */
    long[] read(long[] positions) {
        int reach = reach();
        long[] read = new long[positions.length * reach];
        for (int p = 0; p < positions.length; p++) {
            for (int k = 0; k < reach; k++) {
                read[p * reach + k] = index(positions[p], k);
            }
        }
        return read;
    }

    private long index(long position, long offset) {
        long index = 0;
        long factor = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            long at = position % outputs[d] * stride[d] + offset % kernel[d] * dilation[d];
            index += at * factor;
            factor *= sizes[d] + 2 * padding[d];
            position /= outputs[d];
            offset /= kernel[d];
        }
        return index;
    }
}
