package io.espalier.surgery;

import java.util.List;
import java.util.Map;

/**
 * What became of one tensor.
 *
 * @param before its shape before
 * @param after its shape after
 * @param kept per cut dimension, the original indices that remain, in the order in which they are written: ascending, unless
 *     units of a group of several widths ({@link CouplingGroup#widths}) lie along it
 * @param keptPerGroup of the weight of a convolution whose groups keep different input channels: per such dimension, which
 *     then is not in {@code kept}, one list for each group, in order
 */
@SuppressWarnings("ArrayRecordComponent") // shapes and index lists, copied at the edge, never compared
public record TensorCut(long[] before, long[] after, Map<Integer, int[]> kept, Map<Integer, List<int[]>> keptPerGroup) {
    public TensorCut {
        before = before.clone();
        after = after.clone();
        kept = Map.copyOf(kept);
        keptPerGroup = Map.copyOf(keptPerGroup);
    }
}
