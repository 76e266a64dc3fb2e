package io.espalier.planner.criterion;

import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Errors;
import io.espalier.protocol.record.Expressiveness.Interval;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is known of a capture point; each statistic has a value per unit, and is empty where publishers do not send it.
 *
 * @param samples in the window; the smallest number over its shards
 * @param expressiveness in [0, 1]
 * @param variance of the raw activation over samples and positions, 0 or more
 * @param zeroShare share of samples and positions at which the unit was not above zero, in [0, 1]
 * @param residualVariance what the other units of the capture point leave unexplained of the variance, 0 or more
 * @param interval of the expressiveness
 * @param errors standard errors of the others
 * @param redundancy which units are active where another is
 */
public record PointStatistics(
        long samples,
        Optional<double[]> expressiveness,
        Optional<double[]> variance,
        Optional<double[]> zeroShare,
        Optional<double[]> residualVariance,
        Optional<Interval> interval,
        Optional<Errors> errors,
        Optional<Redundancy> redundancy) {
    /** What a record of a whole capture point says. */
    public static PointStatistics of(Expressiveness record) {
        return new PointStatistics(
                record.samples(),
                Optional.ofNullable(record.score()),
                Optional.ofNullable(record.variance()),
                Optional.ofNullable(record.zeroShare()),
                Optional.ofNullable(record.residualVariance()),
                Optional.ofNullable(record.interval()),
                Optional.ofNullable(record.errors()),
                Optional.ofNullable(record.redundancy()));
    }

    /** The expressiveness at an end of its interval; the expressiveness itself where none is known. */
    Optional<double[]> expressivenessAt(End end) {
        return interval.map(known -> end == End.LOWER ? known.lower() : known.upper())
                .or(() -> expressiveness);
    }

    Optional<double[]> varianceAt(End end) {
        return variance.map(values -> at(end, values, errors.map(Errors::variance)));
    }

    Optional<double[]> zeroShareAt(End end) {
        return zeroShare.map(values -> at(end, values, errors.map(Errors::zeroShare)));
    }

    /** As uncertain, in proportion, as the variance that it is a part of. */
    Optional<double[]> residualVarianceAt(End end) {
        if (residualVariance.isEmpty() || variance.isEmpty()) {
            return residualVariance;
        }
        double[] whole = variance.get();
        double[] moved = varianceAt(end).orElseThrow();
        double[] part = residualVariance.get();
        double[] values = new double[part.length];
        Arrays.setAll(values, unit -> whole[unit] > 0 ? part[unit] * moved[unit] / whole[unit] : part[unit]);
        return Optional.of(values);
    }

    private static double[] at(End end, double[] values, Optional<double[]> errors) {
        double[] moved = values.clone();
        errors.ifPresent(known -> Arrays.setAll(moved, unit -> end.of(values[unit], known[unit])));
        return moved;
    }
}
