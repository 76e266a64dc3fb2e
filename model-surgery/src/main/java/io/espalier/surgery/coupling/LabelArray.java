package io.espalier.surgery.coupling;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

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
        boolean[] varies = new boolean[sizes.length];
        for (int d = 0; d < sizes.length; d++) {
            varies[d] = RowMajor.changesAlong(sizes, cells, d);
        }
        return new LabelArray(varies, sizes, cells).atFirst(d -> !varies[d]);
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
        int stride = RowMajor.stride(sizes, dim);
        Arrays.setAll(line, i -> cells[sizes[dim] == 1 ? 0 : i * stride]);
        return line;
    }

    /** The same with labels put in place of others, by a rule that keeps what was equal equal. */
    LabelArray mapped(IntUnaryOperator label) {
        return new LabelArray(varies, sizes, Arrays.stream(cells).map(label).toArray());
    }

    /** The same places with other labels; a dimension may now vary that did not before, never the other way around. */
    LabelArray withCells(int[] newCells) {
        LabelArray changed = new LabelArray(varies.clone(), sizes, newCells);
        for (int d = 0; d < sizes.length; d++) {
            changed.varies[d] |= RowMajor.changesAlong(sizes, newCells, d);
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
            at += sizes[d] == 1 ? 0 : rest % others[d] * RowMajor.stride(sizes, d);
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
            strides[d] = RowMajor.stride(sizes, order[d]);
        }
        return new LabelArray(newVaries, newSizes, RowMajor.gathered(cells, newSizes, strides));
    }

    /** The given indices of one dimension, in their order. */
    LabelArray picked(int dim, int[] indices) {
        int[] newSizes = sizes.clone();
        newSizes[dim] = indices.length;
        return new LabelArray(varies, newSizes, RowMajor.picked(sizes, cells, dim, indices));
    }

    /** Without a dimension of size one, or with only its index {@code index} left. */
    LabelArray selected(int dim, int index) {
        LabelArray one = picked(dim, new int[] {sizes[dim] == 1 ? 0 : index});
        boolean[] newVaries = new boolean[varies.length - 1];
        int[] newSizes = new int[sizes.length - 1];
        for (int d = 0; d < newSizes.length; d++) {
            newVaries[d] = varies[d < dim ? d : d + 1];
            newSizes[d] = sizes[d < dim ? d : d + 1];
        }
        return new LabelArray(newVaries, newSizes, one.cells);
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
            strides[d] = sizes[d] == 1 ? 0 : RowMajor.stride(sizes, d);
        }
        return new LabelArray(varies, newSizes.clone(), RowMajor.gathered(cells, newSizes, strides));
    }

    /** Seen in other sizes of equally many cells; dimensions without change are brought down to one. */
    LabelArray resized(int[] newSizes) {
        return of(newSizes, cells);
    }

    /** The first index of every dimension that satisfies {@code dims}, which no longer vary. */
    LabelArray collapsed(IntPredicate dims) {
        boolean[] newVaries = varies.clone();
        for (int d = 0; d < newVaries.length; d++) {
            newVaries[d] &= !dims.test(d);
        }
        LabelArray first = atFirst(dims);
        return new LabelArray(newVaries, first.sizes, first.cells);
    }

    private LabelArray atFirst(IntPredicate dims) {
        LabelArray result = this;
        for (int d = 0; d < sizes.length; d++) {
            if (dims.test(d) && result.sizes[d] > 1) {
                result = result.picked(d, new int[1]);
            }
        }
        return result;
    }
}
