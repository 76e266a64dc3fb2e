package io.espalier.streams.scores;

import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Errors;
import io.espalier.protocol.record.Expressiveness.Interval;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import java.util.Arrays;

/** A part of the units of a capture point, as a record of its own: {@code first_unit} says where it begins. */
public final class UnitSlice {
    private UnitSlice() {}

    /**
     * Cuts out units.
     *
     * @param first first unit, counted from that of {@code scores}
     * @param last last one, included
     */
    public static Expressiveness of(Expressiveness scores, int first, int last) {
        return new Expressiveness(
                scores.model(),
                scores.version(),
                scores.capturePoint(),
                scores.firstUnit() + first,
                last - first + 1,
                scores.positions(),
                scores.window(),
                scores.samples(),
                part(scores.score(), first, last),
                part(scores.standardError(), first, last),
                part(scores.mean(), first, last),
                part(scores.variance(), first, last),
                part(scores.zeroShare(), first, last),
                part(scores.residualVariance(), first, last),
                interval(scores.interval(), first, last),
                errors(scores.errors(), first, last),
                redundancy(scores.redundancy(), scores.firstUnit() + first, scores.firstUnit() + last));
    }

    private static Interval interval(Interval interval, int first, int last) {
        return interval == null
                ? null
                : new Interval(part(interval.lower(), first, last), part(interval.upper(), first, last));
    }

    private static Errors errors(Errors errors, int first, int last) {
        return errors == null
                ? null
                : new Errors(part(errors.variance(), first, last), part(errors.zeroShare(), first, last));
    }

    private static Redundancy redundancy(Redundancy redundancy, int first, int last) {
        return redundancy == null
                ? null
                : new Redundancy(
                        redundancy.samples(),
                        redundancy.duplicates().stream()
                                .filter(duplicate -> duplicate.unit() >= first && duplicate.unit() <= last)
                                .toList());
    }

    private static double[] part(double[] values, int first, int last) {
        return values == null ? null : Arrays.copyOfRange(values, first, last + 1);
    }
}
