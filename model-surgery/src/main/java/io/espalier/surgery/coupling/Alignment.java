package io.espalier.surgery.coupling;

import java.util.List;

/**
 * Dimensions of operands as they line up with those of the result: counted from the last.
 *
 * @param rank of the result
 */
record Alignment(int rank) {
    /** Whether an operand's labels change along a dimension of the result. */
    boolean varies(Item item, int dim) {
        int own = own(item, dim);
        return own >= 0 && item.labels().filter(l -> l.varies(own)).isPresent();
    }

    /** One where the operand has no such dimension. */
    long size(Item item, int dim) {
        int own = own(item, dim);
        return own < 0 ? 1 : item.shape()[own];
    }

    /** The operand's own dimension; below zero where it has none. */
    int own(Item item, int dim) {
        return dim - (rank - item.shape().length);
    }

    /** Dimensions of the result along which some operand's labels change. */
    boolean[] varied(List<Item> items) {
        boolean[] varied = new boolean[rank];
        for (Item item : items) {
            item.labels().map(l -> l.leftPadded(rank)).ifPresent(l -> {
                for (int d = 0; d < rank; d++) {
                    varied[d] |= l.varies(d);
                }
            });
        }
        return varied;
    }
}
