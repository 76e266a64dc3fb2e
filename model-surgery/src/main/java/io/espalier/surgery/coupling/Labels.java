package io.espalier.surgery.coupling;

import java.util.Arrays;

/**
 * Unit labels along one dimension of a tensor: {@code of[i]} is the label of index i, 0 for untracked. Along all other
 * dimensions the label is the same, so cutting a unit cuts whole slices.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by equals below, never changed after it is made
record Labels(int dim, int[] of) {
    Labels at(int newDim) {
        return new Labels(newDim, of);
    }

    int count() {
        return of.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels labels && labels.dim == dim && Arrays.equals(labels.of, of);
    }

    @Override
    public int hashCode() {
        return 31 * dim + Arrays.hashCode(of);
    }
}
