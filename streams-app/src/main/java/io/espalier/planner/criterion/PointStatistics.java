package io.espalier.planner.criterion;

import io.espalier.protocol.record.Expressiveness;
import java.util.Optional;

/**
 * What is known of a capture point; each statistic has a value per unit, and is empty where publishers do not send it.
 *
 * @param samples in the window; the smallest number over its shards
 * @param expressiveness in [0, 1]
 * @param variance of the raw activation over samples and positions, 0 or more
 * @param zeroShare share of samples and positions at which the unit was not above zero, in [0, 1]
 * @param residualVariance what the other units of the capture point leave unexplained of the variance, 0 or more
 */
public record PointStatistics(
        long samples,
        Optional<double[]> expressiveness,
        Optional<double[]> variance,
        Optional<double[]> zeroShare,
        Optional<double[]> residualVariance) {
    /** What a record of a whole capture point says. */
    public static PointStatistics of(Expressiveness record) {
        return new PointStatistics(
                record.samples(),
                Optional.ofNullable(record.score()),
                Optional.ofNullable(record.variance()),
                Optional.ofNullable(record.zeroShare()),
                Optional.ofNullable(record.residualVariance()));
    }
}
