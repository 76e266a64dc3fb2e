package io.espalier.protocol.record;

import io.espalier.protocol.ShardKey;

/**
 * The scores of one shard over its window; published on {@link io.espalier.protocol.Topics#expressiveness}.
 *
 * @param firstUnit unit of the capture point that index 0 of the arrays stands for
 * @param samples in the window
 * @param score per unit, in [0, 1]; missing below two samples, where there is no score
 * @param standardError per unit, 0 or more; missing below two panes
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
        double[] standardError) {
    public Expressiveness {
        new ShardKey(model, version, capturePoint, firstUnit);
        Required.present("window", window);
        Required.atLeastOne("units", units);
        Required.atLeastOne("positions", positions);
        requireLength("score", score, units);
        requireLength("standard_error", standardError, units);
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
