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
        long[] each = filled.stream().mapToLong(OverlapCounters::samples).toArray();
        long samples = Arrays.stream(each).sum();
        if (samples < 2) {
            return Optional.empty();
        }
        int positions = filled.get(0).positions();
        List<int[]> counts = filled.stream().map(OverlapCounters::counts).toList();
        int[] total = new int[counts.get(0).length];
        for (int[] pane : counts) {
            Arrays.setAll(total, bit -> total[bit] + pane[bit]);
        }
        double[] score = scores(total, positions, samples);
        EffectiveSamples effective = EffectiveSamples.of(counts, each, total, positions);
        double[][] zeros = new double[counts.size()][];
        Arrays.setAll(zeros, pane -> zeroShare(counts.get(pane), positions, each[pane]));
        double[] zeroShare = zeroShare(total, positions, samples);
        BetweenPanes between = new BetweenPanes(each);
        return Optional.of(new WindowScore(
                samples,
                score,
                perUnit(score, unit -> effective.error(unit, score[unit])),
                perUnit(score, unit -> effective.lower(unit, score[unit])),
                perUnit(score, unit -> effective.upper(unit, score[unit])),
                zeroShare,
                between.isKnown()
                        ? Optional.of(
                                perUnit(score, unit -> between.error(pane -> zeros[pane][unit] - zeroShare[unit])))
                        : Optional.empty()));
    }

    private static double[] perUnit(double[] like, IntToDoubleFunction value) {
        double[] values = new double[like.length];
        Arrays.setAll(values, value);
        return values;
    }

    private static double[] zeroShare(int[] counts, int positions, long samples) {
        double[] share = new double[counts.length / positions];
        for (int unit = 0; unit < share.length; unit++) {
            long set = 0;
            for (int bit = unit * positions; bit < (unit + 1) * positions; bit++) {
                set += counts[bit];
            }
            share[unit] = (double) (positions * samples - set) / (positions * samples);
        }
        return share;
    }

    private static double[] scores(int[] counts, int positions, long samples) {
        return Arrays.stream(BitSlicedCountersV1.disagreements(counts, positions, samples))
                .mapToDouble(sum ->
                        OverlapCounters.expressiveness(sum, positions, samples).orElseThrow())
                .toArray();
    }
}
