package io.espalier.protocol.score;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * {@link PaneStatistics} as bytes, little-endian: version (1 byte), length of the counters (4), counters, sums, squares, number
 * of products (4) and their triangle, {@linkplain CodeSample codes}. Version 1 has neither products nor codes, and version 2 no
 * codes and its triangle without the number; both are read for ever.
 */
final class PaneState {
    private static final byte COUNTERS_AND_SUMS = 1;
    private static final byte WITH_PRODUCTS = 2;
    private static final byte VERSION = 3;
    private static final int HEADER = 1 + 4;

    private PaneState() {}

    static PaneStatistics read(byte[] state) {
        if (state.length < HEADER || state[0] < COUNTERS_AND_SUMS || state[0] > VERSION) {
            throw new IllegalArgumentException(
                    "not the state of pane statistics of version " + COUNTERS_AND_SUMS + " to " + VERSION);
        }
        ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).position(1);
        try {
            return read(state[0], in);
        } catch (BufferUnderflowException e) {
            throw damaged("it ends after " + state.length + " bytes");
        }
    }

    private static PaneStatistics read(byte version, ByteBuffer in) {
        OverlapCounters counters = OverlapCounters.fromBytes(bytes(in));
        int units = counters.units();
        int words = OverlapCounters.wordsPerSample(units, counters.positions());
        double[] sums = numbers(in, units);
        double[] squares = numbers(in, units);
        Optional<ProductSums> products = products(version, in, units);
        if (version < VERSION && in.hasRemaining()) {
            throw damaged(in.remaining() + " bytes follow it");
        }
        CodeSample codes = version < VERSION ? new CodeSample(words) : CodeSample.read(in, words);
        return new PaneStatistics(counters, sums, squares, products, codes);
    }

    private static Optional<ProductSums> products(byte version, ByteBuffer in, int units) {
        long all = units * (units + 1L) / 2;
        long there = version == COUNTERS_AND_SUMS ? 0 : version == WITH_PRODUCTS ? all : in.getInt();
        if (there != 0 && there != all) {
            throw damaged(there + " products of " + units + " units");
        }
        if (there == 0) {
            return Optional.empty();
        }
        double[] triangle = numbers(in, all);
        ProductSums products = new ProductSums(units);
        products.add(i -> triangle[i]);
        return Optional.of(products);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw damaged(length + " bytes of counters in " + in.remaining());
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static double[] numbers(ByteBuffer in, long count) {
        if (count * Double.BYTES > in.remaining()) {
            throw damaged(in.remaining() + " bytes for " + count + " numbers");
        }
        double[] numbers = new double[(int) count];
        in.asDoubleBuffer().get(numbers);
        in.position(in.position() + numbers.length * Double.BYTES);
        return numbers;
    }

    private static IllegalArgumentException damaged(String what) {
        return new IllegalArgumentException("the state of pane statistics is damaged: " + what);
    }

    static byte[] write(PaneStatistics pane) {
        byte[] counters = pane.counters().toBytes();
        double[] triangle = pane.products().map(ProductSums::triangle).orElse(new double[0]);
        int numbers = Math.addExact(2 * pane.sums().length, triangle.length);
        int rest = Math.addExact(
                Math.multiplyExact(numbers, Double.BYTES), pane.codes().bytes());
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(HEADER + counters.length + Integer.BYTES, rest))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(VERSION)
                .putInt(counters.length)
                .put(counters);
        put(pane.sums(), out);
        put(pane.squares(), out);
        put(triangle, out.putInt(triangle.length));
        pane.codes().write(out);
        return out.array();
    }

    private static void put(double[] numbers, ByteBuffer out) {
        out.asDoubleBuffer().put(numbers);
        out.position(out.position() + numbers.length * Double.BYTES);
    }
}
