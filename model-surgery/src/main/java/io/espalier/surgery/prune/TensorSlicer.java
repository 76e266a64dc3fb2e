package io.espalier.surgery.prune;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/** Cuts and blanks slices of a row-major tensor. */
final class TensorSlicer {
    private final long[] shape;
    private final int width;

    /** {@code width}: bytes of an element. */
    TensorSlicer(long[] shape, int width) {
        this.shape = shape.clone();
        this.width = width;
    }

    /** A copy with only the kept indices, ascending, along each of the given dimensions. */
    ByteBuffer take(ByteBuffer content, Map<Integer, int[]> kept) {
        long size = width;
        for (int d = 0; d < shape.length; d++) {
            size = Math.multiplyExact(size, kept.containsKey(d) ? kept.get(d).length : shape[d]);
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        int last = kept.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
        copy(content, 0, 0, last, kept, out);
        return out.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private void copy(ByteBuffer in, int dim, int base, int last, Map<Integer, int[]> kept, ByteBuffer out) {
        if (dim > last) {
            int size = bytesBelow(dim - 1);
            out.put(out.position(), in, base, size).position(out.position() + size);
            return;
        }
        int inner = bytesBelow(dim);
        int[] indices = kept.get(dim);
        int count = indices == null ? (int) shape[dim] : indices.length;
        for (int i = 0; i < count; i++) {
            copy(in, dim + 1, base + (indices == null ? i : indices[i]) * inner, last, kept, out);
        }
    }

    /** Bytes of one index along a dimension; of the whole tensor for -1. */
    private int bytesBelow(int dim) {
        return (int) (width * Arrays.stream(shape).skip(dim + 1L).reduce(1, (a, b) -> a * b));
    }

    /** A copy with zeros at the given indices along one dimension. */
    ByteBuffer blank(ByteBuffer content, int dim, int[] removed) {
        ByteBuffer out = ByteBuffer.allocate(content.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        out.put(content.duplicate()).flip();
        int inner = bytesBelow(dim);
        int outer = out.remaining() == 0 ? 0 : out.remaining() / (inner * (int) shape[dim]);
        for (int o = 0; o < outer; o++) {
            for (int index : removed) {
                int from = (o * (int) shape[dim] + index) * inner;
                out.put(from, new byte[inner]);
            }
        }
        return out;
    }
}
