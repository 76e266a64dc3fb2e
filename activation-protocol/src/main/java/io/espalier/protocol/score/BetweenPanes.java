package io.espalier.protocol.score;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Standard errors of means over all samples of a window, by how far the panes lie apart. */
final class BetweenPanes {
    private final List<BitCounts> panes;
    private final double all;

    /** {@code panes}: none without samples. */
    BetweenPanes(List<BitCounts> panes) {
        this.panes = panes;
        this.all = panes.stream().mapToLong(BitCounts::samples).sum();
    }

    /** Whether the panes are enough to say something. */
    boolean isKnown() {
        return panes.size() >= EffectiveSamples.LEAST_PANES;
    }

    /** {@code deviation}: of a pane's mean from the mean over all samples. */
    double error(IntToDoubleFunction deviation) {
        double sum = 0;
        for (int pane = 0; pane < panes.size(); pane++) {
            double from = deviation.applyAsDouble(pane);
            sum += panes.get(pane).samples() * from * from;
        }
        return Math.sqrt(sum / (panes.size() - 1) / all);
    }
}
