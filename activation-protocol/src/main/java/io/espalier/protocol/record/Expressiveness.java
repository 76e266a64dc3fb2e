package io.espalier.protocol.record;

import io.espalier.protocol.ShardKey;
import java.util.List;

/**
 * The scores of one shard over its window, and what else is known of its units from the same samples; published on
 * {@link io.espalier.protocol.Topics#expressiveness}. Older publishers leave out what they did not know.
 *
 * @param firstUnit unit of the capture point that index 0 of the arrays stands for
 * @param samples in the window
 * @param score per unit, in [0, 1]; missing below two samples, where there is no score
 * @param standardError per unit, 0 or more; missing below two samples
 * @param mean of the raw activation of each unit, over samples and positions; missing below two samples
 * @param variance of the same, 0 or more
 * @param zeroShare share of samples and positions at which a unit was not above zero, in [0, 1]
 * @param residualVariance what is left of the variance of each unit once all others of the shard explain what they can, 0
 *     or more; missing unless all samples came with products
 * @param interval what the score says of the traffic behind the samples; missing below two samples
 * @param errors standard errors of other values; missing below four panes
 * @param redundancy which units are active where another one is; missing below 16 codes
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
        double[] residualVariance,
        Interval interval,
        Errors errors,
        Redundancy redundancy) {
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
        if (interval != null) {
            requireLength("interval.lower", Required.present("interval.lower", interval.lower), units);
            requireLength("interval.upper", Required.present("interval.upper", interval.upper), units);
        }
        if (errors != null) {
            requireLength("errors.variance", errors.variance, units);
            requireLength("errors.zero_share", errors.zeroShare, units);
        }
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

    /**
     * Per unit the interval that holds the score of all traffic like that of the window, in 95 % of all cases. Not centred
     * on the score of a unit that is balanced or rare.
     */
    public record Interval(double[] lower, double[] upper) {}

    /**
     * Per unit, by the spread of the panes.
     *
     * @param variance of {@link Expressiveness#variance}; may be missing
     * @param zeroShare of {@link Expressiveness#zeroShare}; may be missing
     */
    public record Errors(double[] variance, double[] zeroShare) {}

    /**
     * Units that are active nearly nowhere but where a unit of a higher score is. Those that are not named are duplicates of
     * nothing.
     *
     * @param samples whose codes were compared
     */
    public record Redundancy(long samples, List<Duplicate> duplicates) {
        public Redundancy {
            duplicates = List.copyOf(Required.present("redundancy.duplicates", duplicates));
        }

        /** The same, with all units counted from another one. */
        public Redundancy from(int unit) {
            return new Redundancy(
                    samples,
                    duplicates.stream()
                            .map(some -> new Duplicate(some.unit + unit, some.of + unit, some.jaccard, some.phi))
                            .toList());
        }
    }

    /**
     * One of a set of units that are alike.
     *
     * @param unit of the capture point
     * @param of the unit of the set that has the highest score, which is a duplicate of none
     * @param jaccard samples and positions at which both are active, of those at which either is, in [0, 1]
     * @param phi correlation of being active, in [-1, 1]
     */
    public record Duplicate(int unit, int of, double jaccard, double phi) {}
}
