package io.espalier.surgery.torchscript;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One dimension of a read: how many indices, and where each lies.
 *
 * @param stride elements between neighbours in the storage
 * @param chosen the indices to read, in order; null reads {@code first, first + 1, ...}
 * @param first place in {@code chosen}, or the first index
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record TensorAxis(long stride, int[] chosen, long first, long count) {

    /** The dimensions of a tensor, outermost first, those that lie behind one another in the storage taken as one. */
    static List<TensorAxis> of(StoredTensor tensor, Map<Integer, int[]> chosen) {
        List<TensorAxis> axes = new ArrayList<>();
        for (int d = 0; d < tensor.shape().size(); d++) {
            long size = tensor.shape().get(d);
            long stride = tensor.strides().get(d);
            int[] indices = chosen.get(d);
            if (indices != null) {
                check(indices, size, d);
                axes.add(new TensorAxis(stride, indices, 0, indices.length));
                continue;
            }
            TensorAxis outer = axes.isEmpty() ? null : axes.get(axes.size() - 1);
            if (outer != null && outer.chosen == null && outer.stride == stride * size) {
                axes.set(axes.size() - 1, new TensorAxis(stride, null, 0, outer.count * size));
            } else if (size != 1) {
                axes.add(new TensorAxis(stride, null, 0, size));
            }
        }
        if (axes.isEmpty()) {
            axes.add(new TensorAxis(1, null, 0, 1));
        }
        return axes;
    }

    private static void check(int[] indices, long size, int dim) {
        for (int index : indices) {
            if (index < 0 || index >= size) {
                throw new IllegalArgumentException("index " + index + " of dimension " + dim + " of size " + size);
            }
        }
    }

    TensorAxis part(long from, long to) {
        return new TensorAxis(stride, chosen, first + from, to - from);
    }

    /** Elements from the start of the dimension to the {@code i}-th index that is read. */
    long index(long i) {
        return stride * (chosen == null ? first + i : chosen[(int) (first + i)]);
    }

    /** Whether the indices are neighbours in the storage. */
    boolean isRun() {
        return chosen == null && (stride == 1 || count == 1);
    }

    long low() {
        return chosen == null ? index(0) : stride * read().min().orElse(0);
    }

    long high() {
        return chosen == null ? index(count - 1) : stride * read().max().orElse(0);
    }

    private IntStream read() {
        return Arrays.stream(chosen, (int) first, (int) (first + count));
    }
}
