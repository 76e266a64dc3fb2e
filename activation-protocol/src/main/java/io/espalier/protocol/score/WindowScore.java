package io.espalier.protocol.score;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * The score of all units of a shard over a window of panes, that of all samples of the window taken together, bit for bit.
 *
 * @param samples in the window
 * @param expressiveness per unit, in [0, 1]
 * @param standardError per unit, 0 or more; see {@link EffectiveSamples}
 * @param lower per unit the lower end of its 95 % interval, in [0, 1]
 * @param upper per unit the upper end, in [0, 1]
 * @param zeroShare per unit, the share of samples and positions whose bit was not set, in [0, 1]
 * @param zeroShareError its standard error, 0 or more; empty below four panes
 */
public record WindowScore(
        long samples,
        double[] expressiveness,
        double[] standardError,
        double[] lower,
        double[] upper,
        double[] zeroShare,
        Optional<double[]> zeroShareError) {
    /**
     * Scores a window; empty below two samples, where there is no score.
     *
     * @param panes of equal units and positions, at least one
     */
    public static Optional<WindowScore> of(Collection<OverlapCounters> panes) {
        List<OverlapCounters> filled =
                panes.stream().filter(pane -> pane.samples() > 0).toList();
        if (filled.stream().mapToLong(OverlapCounters::samples).sum() < 2) {
            return Optional.empty();
        }
        OverlapCounters whole =
                OverlapCounters.create(filled.get(0).units(), filled.get(0).positions());
        filled.forEach(whole::merge);
        BitCounts counts = BitCounts.of(whole);
        return Optional.of(of(counts, Uncertainty.ofCounters(filled, counts)));
    }

    /** {@code whole}: all panes together, two samples or more. */
    static WindowScore of(BitCounts whole, Uncertainty uncertainty) {
        double[] score = whole.expressiveness();
        EffectiveSamples effective = uncertainty.effective();
        return new WindowScore(
                whole.samples(),
                score,
                perUnit(score, unit -> effective.error(unit, score[unit])),
                perUnit(score, unit -> effective.lower(unit, score[unit])),
                perUnit(score, unit -> effective.upper(unit, score[unit])),
                whole.zeroShare(),
                uncertainty.zeroShareError());
    }

    private static double[] perUnit(double[] like, IntToDoubleFunction value) {
        double[] values = new double[like.length];
        Arrays.setAll(values, value);
        return values;
    }
}
