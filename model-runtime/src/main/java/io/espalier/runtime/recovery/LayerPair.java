package io.espalier.runtime.recovery;

import io.espalier.surgery.TensorCut;
import io.espalier.surgery.refit.Site;
import java.util.stream.IntStream;

/**
 * A layer of the pruned network and the one of the original that it was.
 *
 * @param kept for each output of the pruned layer, which of the original's it is
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record LayerPair(Site original, Site pruned, int[] kept) {
    static LayerPair of(Site original, Site pruned, TensorCut weight) {
        int dim = original.outputsFirst() ? 0 : 1;
        int[] all = IntStream.range(0, original.outputs()).toArray();
        return new LayerPair(original, pruned, weight.kept().getOrDefault(dim, all));
    }

    /** Whether what is added behind both layers can be compared. */
    boolean hasShortcut() {
        return original.shortcut().isPresent() && pruned.shortcut().isPresent();
    }
}
