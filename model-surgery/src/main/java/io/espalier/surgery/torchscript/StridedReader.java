package io.espalier.surgery.torchscript;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads a strided view of a storage into row-major order. */
final class StridedReader {
    private StridedReader() {}

    static ByteBuffer contiguous(StoredTensor tensor, ByteBuffer storage) {
        int width = tensor.type().bytes();
        int elements = Math.toIntExact(tensor.elements());
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        long[] strides = tensor.strides().stream().mapToLong(Long::longValue).toArray();
        if (isContiguous(shape, strides)) {
            int start = Math.toIntExact(tensor.offset() * width);
            return storage.slice(start, elements * width).order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer copy =
                ByteBuffer.allocate(Math.multiplyExact(elements, width)).order(ByteOrder.LITTLE_ENDIAN);
        long[] index = new long[shape.length];
        long at = tensor.offset();
        for (int i = 0; i < elements; i++) {
            copy.put(i * width, storage, Math.toIntExact(at * width), width);
            for (int d = shape.length - 1; d >= 0; d--) {
                at += strides[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                at -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
        return copy;
    }

    private static boolean isContiguous(long[] shape, long[] strides) {
        long[] expected = StoredTensor.contiguousStrides(shape);
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == 0) {
                return true;
            }
        }
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] != 1 && strides[d] != expected[d]) {
                return false;
            }
        }
        return true;
    }
}
