package io.espalier.protocol.record;

import io.espalier.protocol.ShardKey;

/**
 * The scores of one shard over its window, and what else is known of its units from the same samples; published on
 * {@link io.espalier.protocol.Topics#expressiveness}. Older publishers leave out what they did not know.
 *
 * @param firstUnit unit of the capture point that index 0 of the arrays stands for
 * @param samples in the window
 * @param score per unit, in [0, 1]; missing below two samples, where there is no score
 * @param standardError per unit, 0 or more; missing below two panes
 * @param mean of the raw activation of each unit, over samples and positions; missing below two samples
 * @param variance of the same, 0 or more
 * @param zeroShare share of samples and positions at which a unit was not above zero, in [0, 1]
 * @param residualVariance what is left of the variance of each unit once all others of the shard explain what they can, 0
 *     or more; missing unless all samples came with products
 */
public record Expressiveness(
        String model,
        String version,
        String capturePoint,
        int firstUnit,
        int units,
        int positions,
        Window window,
        long samples,
        double[] score,
        double[] standardError,
        double[] mean,
        double[] variance,
        double[] zeroShare,
        double[] residualVariance) {
    public Expressiveness {
        new ShardKey(model, version, capturePoint, firstUnit);
        Required.present("window", window);
        Required.atLeastOne("units", units);
        Required.atLeastOne("positions", positions);
        requireLength("score", score, units);
        requireLength("standard_error", standardError, units);
        requireLength("mean", mean, units);
        requireLength("variance", variance, units);
        requireLength("zero_share", zeroShare, units);
        requireLength("residual_variance", residualVariance, units);
    }

    public ShardKey key() {
        return new ShardKey(model, version, capturePoint, firstUnit);
    }

    private static void requireLength(String field, double[] values, int units) {
        if (values != null && values.length != units) {
            throw new IllegalArgumentException(
                    "field '" + field + "' has " + values.length + " values for " + units + " units");
        }
    }

    /** Event time, in milliseconds since the epoch, from the start of the first pane to the end of the last. */
    public record Window(long startMs, long endMs, int panes) {}
}
