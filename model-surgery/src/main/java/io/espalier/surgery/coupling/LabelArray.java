package io.espalier.surgery.coupling;

import java.util.Arrays;
import java.util.Optional;

/** A tensor of unit labels, row-major: what layout operators are run on. Dimensions of equal labels may be left at one. */
final class LabelArray {
    private final int[] shape;
    private final int[] labels;

    private LabelArray(int[] shape, int[] labels) {
        this.shape = shape;
        this.labels = labels;
    }

    /** The full array of a tensor whose labels run along one dimension. */
    static LabelArray of(long[] shape, Labels labels) {
        int[] sizes = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        int total = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        int inner = Arrays.stream(sizes).skip(labels.dim() + 1L).reduce(1, Math::multiplyExact);
        int[] all = new int[total];
        Arrays.setAll(all, i -> labels.of()[i / inner % labels.count()]);
        return new LabelArray(sizes, all);
    }

    /** Dimension d of the result is dimension {@code order[d]} of this. */
    LabelArray permuted(int[] order) {
        int rank = shape.length;
        int[] strides = strides(shape);
        int[] newShape = new int[rank];
        Arrays.setAll(newShape, d -> shape[order[d]]);
        int[] moved = new int[labels.length];
        int[] index = new int[rank];
        int at = 0;
        for (int i = 0; i < moved.length; i++) {
            moved[i] = labels[at];
            for (int d = rank - 1; d >= 0; d--) {
                at += strides[order[d]];
                if (++index[d] < newShape[d]) {
                    break;
                }
                at -= strides[order[d]] * newShape[d];
                index[d] = 0;
            }
        }
        return new LabelArray(newShape, moved);
    }

    /** The same elements in another shape; the number of elements must be the same. */
    LabelArray reshaped(long[] newShape) {
        int[] sizes = Arrays.stream(newShape).mapToInt(Math::toIntExact).toArray();
        if (Arrays.stream(sizes).reduce(1, Math::multiplyExact) != labels.length) {
            throw new IllegalArgumentException("the recorded shapes " + Arrays.toString(shape) + " and "
                    + Arrays.toString(newShape) + " do not hold equally many elements");
        }
        return new LabelArray(sizes, labels);
    }

    /** The labels when they change along one dimension only; empty otherwise, also when there is but one label. */
    Optional<Labels> alongOneDim() {
        int[] strides = strides(shape);
        int found = -1;
        for (int d = 0; d < shape.length; d++) {
            if (changesAlong(strides[d], shape[d])) {
                if (found >= 0) {
                    return Optional.empty();
                }
                found = d;
            }
        }
        if (found < 0) {
            return Optional.empty();
        }
        int dim = found;
        int[] along = new int[shape[dim]];
        Arrays.setAll(along, i -> labels[i * strides[dim]]);
        return Optional.of(new Labels(dim, along));
    }

    private boolean changesAlong(int stride, int size) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != labels[i - i / stride % size * stride]) {
                return true;
            }
        }
        return false;
    }

    private static int[] strides(int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape[d];
        }
        return strides;
    }
}
