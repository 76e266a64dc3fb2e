package io.espalier.surgery;

import java.util.Map;

/**
 * What became of one tensor.
 *
 * @param before its shape before
 * @param after its shape after
 * @param kept per cut dimension, the original indices that remain, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // shapes and index lists, copied at the edge, never compared
public record TensorCut(long[] before, long[] after, Map<Integer, int[]> kept) {
    public TensorCut {
        before = before.clone();
        after = after.clone();
        kept = Map.copyOf(kept);
    }
}
