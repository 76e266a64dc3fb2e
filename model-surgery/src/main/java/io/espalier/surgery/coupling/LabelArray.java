package io.espalier.surgery.coupling;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The unit labels of a tensor's elements, row-major; 0 for an element that never goes. A dimension along which the labels
 * stay the same is held at size one, so that only what differs is stored.
 */
final class LabelArray {
    private final boolean[] varies;
    private final int[] sizes;
    private final int[] cells;

    private LabelArray(boolean[] varies, int[] sizes, int[] cells) {
        this.varies = varies;
        this.sizes = sizes;
        this.cells = cells;
    }

    /** Labels along one dimension of a tensor of {@code rank} dimensions. */
    static LabelArray along(int rank, int dim, int[] labels) {
        boolean[] varies = new boolean[rank];
        int[] sizes = new int[rank];
        Arrays.fill(sizes, 1);
        varies[dim] = true;
        sizes[dim] = labels.length;
        return new LabelArray(varies, sizes, labels);
    }

    /** Cells over {@code sizes}; dimensions along which they do not change are brought down to one. */
    static LabelArray of(int[] sizes, int[] cells) {
        LabelArray array = new LabelArray(new boolean[sizes.length], sizes, cells);
        boolean[] varies = new boolean[sizes.length];
        for (int d = 0; d < sizes.length; d++) {
            varies[d] = array.changesAlong(d);
        }
        for (int d = 0; d < sizes.length; d++) {
            if (!varies[d] && array.sizes[d] > 1) {
                array = array.picked(d, new int[1]);
            }
        }
        return new LabelArray(varies, array.sizes, array.cells);
    }

    int rank() {
        return sizes.length;
    }

    boolean varies(int dim) {
        return varies[dim];
    }

    /** Whether labels change along dimensions that satisfy {@code dims}. */
    boolean variesAlong(IntPredicate dims) {
        for (int d = 0; d < varies.length; d++) {
            if (varies[d] && dims.test(d)) {
                return true;
            }
        }
        return false;
    }

    /** The one dimension along which labels change, or -1 when there is none or more than one. */
    int onlyDim() {
        int found = -1;
        for (int d = 0; d < varies.length; d++) {
            if (varies[d]) {
                if (found >= 0) {
                    return -1;
                }
                found = d;
            }
        }
        return found;
    }

    int size(int dim) {
        return sizes[dim];
    }

    int[] sizes() {
        return sizes.clone();
    }

    /** All labels, some of them more than once. Not to be changed. */
    int[] cells() {
        return cells;
    }

    /** The labels along a dimension when all others are at their first index; {@code size} of them. */
    int[] line(int dim, int size) {
        int[] line = new int[size];
        int stride = stride(dim);
        Arrays.setAll(line, i -> cells[sizes[dim] == 1 ? 0 : i * stride]);
        return line;
    }

    /** The same with labels put in place of others, by a rule that keeps what was equal equal. */
    LabelArray mapped(java.util.function.IntUnaryOperator label) {
        return new LabelArray(varies, sizes, Arrays.stream(cells).map(label).toArray());
    }

    /** The same places with other labels; a dimension may now vary that did not before, never the other way around. */
    LabelArray withCells(int[] newCells) {
        LabelArray changed = new LabelArray(varies.clone(), sizes, newCells);
        for (int d = 0; d < sizes.length; d++) {
            changed.varies[d] |= changed.changesAlong(d);
        }
        return changed;
    }

    /** The label at a cell of an array of these sizes, over which this one is repeated; 0 when the sizes do not fit. */
    int at(int[] others, int cell) {
        int rest = cell;
        int at = 0;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (sizes[d] != 1 && sizes[d] != others[d]) {
                return 0;
            }
            at += sizes[d] == 1 ? 0 : rest % others[d] * stride(d);
            rest /= others[d];
        }
        return cells[at];
    }

    /** Dimension d of the result is dimension {@code order[d]} of this. */
    LabelArray permuted(int[] order) {
        int rank = sizes.length;
        boolean[] newVaries = new boolean[rank];
        int[] newSizes = new int[rank];
        int[] strides = new int[rank];
        for (int d = 0; d < rank; d++) {
            newVaries[d] = varies[order[d]];
            newSizes[d] = sizes[order[d]];
            strides[d] = stride(order[d]);
        }
        return new LabelArray(newVaries, newSizes, gathered(newSizes, strides, 0));
    }

    /** The given indices of one dimension, in their order. */
    LabelArray picked(int dim, int[] indices) {
        int[] newSizes = sizes.clone();
        newSizes[dim] = indices.length;
        int inner = stride(dim);
        int block = inner * sizes[dim];
        int[] moved = new int[product(newSizes)];
        int at = 0;
        for (int outer = 0; outer < cells.length / Math.max(1, block); outer++) {
            for (int index : indices) {
                System.arraycopy(cells, outer * block + index * inner, moved, at, inner);
                at += inner;
            }
        }
        return new LabelArray(varies, newSizes, moved);
    }

    /** Without a dimension of size one, or with only its index {@code index} left. */
    LabelArray selected(int dim, int index) {
        LabelArray one = picked(dim, new int[] {sizes[dim] == 1 ? 0 : index});
        return new LabelArray(without(one.varies, dim), without(one.sizes, dim), one.cells);
    }

    /** With a new dimension of size one in front of {@code dim}. */
    LabelArray inserted(int dim) {
        boolean[] newVaries = new boolean[varies.length + 1];
        int[] newSizes = new int[sizes.length + 1];
        for (int d = 0; d < newSizes.length; d++) {
            newVaries[d] = d != dim && varies[d < dim ? d : d - 1];
            newSizes[d] = d == dim ? 1 : sizes[d < dim ? d : d - 1];
        }
        return new LabelArray(newVaries, newSizes, cells);
    }

    /** With dimensions of size one in front, up to {@code rank}. */
    LabelArray leftPadded(int rank) {
        LabelArray padded = this;
        while (padded.rank() < rank) {
            padded = padded.inserted(0);
        }
        return padded;
    }

    /** Cells repeated along every dimension where this has one and {@code newSizes} has more. */
    LabelArray expanded(int[] newSizes) {
        if (Arrays.equals(newSizes, sizes)) {
            return this;
        }
        int[] strides = new int[newSizes.length];
        for (int d = 0; d < newSizes.length; d++) {
            strides[d] = sizes[d] == 1 ? 0 : stride(d);
        }
        return new LabelArray(varies, newSizes.clone(), gathered(newSizes, strides, 0));
    }

    /** Seen in other sizes of equally many cells; dimensions without change are brought down to one. */
    LabelArray resized(int[] newSizes) {
        return of(newSizes, cells);
    }

    /** The first index of every dimension that satisfies {@code dims}, which no longer vary. */
    LabelArray collapsed(IntPredicate dims) {
        LabelArray result = this;
        for (int d = 0; d < sizes.length; d++) {
            if (dims.test(d) && result.sizes[d] > 1) {
                result = result.picked(d, new int[1]);
            }
        }
        boolean[] newVaries = varies.clone();
        for (int d = 0; d < newVaries.length; d++) {
            newVaries[d] &= !dims.test(d);
        }
        return new LabelArray(newVaries, result.sizes, result.cells);
    }

    private int[] gathered(int[] newSizes, int[] strides, int start) {
        int rank = newSizes.length;
        int[] moved = new int[product(newSizes)];
        int[] index = new int[rank];
        int at = start;
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

    private boolean changesAlong(int dim) {
        int stride = stride(dim);
        int size = sizes[dim];
        for (int i = 0; i < cells.length && size > 1; i++) {
            if (cells[i] != cells[i - i / stride % size * stride]) {
                return true;
            }
        }
        return false;
    }

    int stride(int dim) {
        int stride = 1;
        for (int d = sizes.length - 1; d > dim; d--) {
            stride *= sizes[d];
        }
        return stride;
    }

    static int product(int[] sizes) {
        return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }

    private static int[] without(int[] all, int at) {
        int[] fewer = new int[all.length - 1];
        System.arraycopy(all, 0, fewer, 0, at);
        System.arraycopy(all, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    private static boolean[] without(boolean[] all, int at) {
        boolean[] fewer = new boolean[all.length - 1];
        System.arraycopy(all, 0, fewer, 0, at);
        System.arraycopy(all, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }
}
