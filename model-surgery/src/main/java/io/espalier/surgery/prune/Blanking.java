package io.espalier.surgery.prune;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/** Passes a tensor on piece by piece, with zeros at given indices along some of its dimensions. */
final class Blanking implements Consumer<ByteBuffer> {
    private final long[] shape;
    private final int width;
    private final Map<Integer, int[]> blanked;
    private final Consumer<ByteBuffer> sink;
    private long position;

    /** {@code width}: bytes of an element. The pieces come in row-major order, from the first element on. */
    Blanking(long[] shape, int width, Map<Integer, int[]> blanked, Consumer<ByteBuffer> sink) {
        this.shape = shape.clone();
        this.width = width;
        this.blanked = blanked;
        this.sink = sink;
    }

    @Override
    public void accept(ByteBuffer piece) {
        blanked.forEach((dim, indices) -> {
            for (int index : indices) {
                blank(piece, dim, index);
            }
        });
        position += piece.remaining();
        sink.accept(piece);
    }

    private void blank(ByteBuffer piece, int dim, int index) {
        long inner = width * Arrays.stream(shape).skip(dim + 1L).reduce(1, Math::multiplyExact);
        long period = inner * shape[dim];
        long end = position + piece.remaining();
        // The first slice of this index that ends behind the start of the piece.
        long first = Math.max(0, Math.floorDiv(position - index * inner - inner, period) + 1);
        for (long from = first * period + index * inner; from < end; from += period) {
            for (long at = Math.max(from, position); at < Math.min(from + inner, end); at++) {
                piece.put(piece.position() + (int) (at - position), (byte) 0);
            }
        }
    }
}
