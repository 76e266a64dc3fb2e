package io.espalier.surgery.coupling;

import java.util.Arrays;

/** Where the elements of an array of some sizes lie when the last dimension is written out first. */
final class RowMajor {
    private RowMajor() {}

    /** How far apart neighbours along a dimension are. */
    static int stride(int[] sizes, int dim) {
        int stride = 1;
        for (int d = sizes.length - 1; d > dim; d--) {
            stride *= sizes[d];
        }
        return stride;
    }

    static int product(int[] sizes) {
        return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }

    /** The given indices of one dimension, in their order. */
    static int[] picked(int[] sizes, int[] cells, int dim, int[] indices) {
        int inner = stride(sizes, dim);
        int block = inner * sizes[dim];
        int[] newSizes = sizes.clone();
        newSizes[dim] = indices.length;
        int[] moved = new int[product(newSizes)];
        int at = 0;
        for (int outer = 0; outer < cells.length / Math.max(1, block); outer++) {
            for (int index : indices) {
                System.arraycopy(cells, outer * block + index * inner, moved, at, inner);
                at += inner;
            }
        }
        return moved;
    }

    /** Elements of other sizes, each found by its index along each dimension times a stride. */
    static int[] gathered(int[] cells, int[] newSizes, int[] strides) {
        int rank = newSizes.length;
        int[] moved = new int[product(newSizes)];
        int[] index = new int[rank];
        int at = 0;
        for (int i = 0; i < moved.length; i++) {
            moved[i] = cells[at];
            for (int d = rank - 1; d >= 0; d--) {
                at += strides[d];
                if (++index[d] < newSizes[d]) {
                    break;
                }
                at -= strides[d] * newSizes[d];
                index[d] = 0;
            }
        }
        return moved;
    }

    /** Whether elements differ from those at the first index of a dimension. */
    static boolean changesAlong(int[] sizes, int[] cells, int dim) {
        int stride = stride(sizes, dim);
        int size = sizes[dim];
        for (int i = 0; i < cells.length && size > 1; i++) {
            if (cells[i] != cells[i - i / stride % size * stride]) {
                return true;
            }
        }
        return false;
    }
}
