package io.espalier.protocol.score;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Standard errors of means over all samples of a window, by how far the panes lie apart. */
final class BetweenPanes {
    private final long[] samples;
    private final double all;

    /** {@code samples}: of each pane, above 0. */
    BetweenPanes(long[] samples) {
        this.samples = samples;
        this.all = Arrays.stream(samples).sum();
    }

    /** Whether the panes are enough to say something. */
    boolean isKnown() {
        return samples.length >= EffectiveSamples.LEAST_PANES;
    }

    /** {@code deviation}: of a pane's mean from the mean over all samples. */
    double error(IntToDoubleFunction deviation) {
        double sum = 0;
        for (int pane = 0; pane < samples.length; pane++) {
            double from = deviation.applyAsDouble(pane);
            sum += samples[pane] * from * from;
        }
        return Math.sqrt(sum / (samples.length - 1) / all);
    }
}
