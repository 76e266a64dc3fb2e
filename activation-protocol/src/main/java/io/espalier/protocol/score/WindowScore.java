package io.espalier.protocol.score;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The score of all units of a shard over a window of panes.
 *
 * @param samples in the window
 * @param expressiveness per unit, in [0, 1]
 * @param standardError per unit, 0 or more; empty while fewer than two panes have samples
 * @param zeroShare per unit, the share of samples and positions whose bit was not set, in [0, 1]
 */
public record WindowScore(long samples, double[] expressiveness, Optional<double[]> standardError, double[] zeroShare) {
    /**
     * Scores a window; empty below two samples, where there is no score.
     *
     * <p>The score is that of all samples of the window taken together, bit for bit. The standard error is the
     * delete-one-pane jackknife for panes of unequal size: with {@code g} panes of {@code m_j} of {@code n} samples,
     * {@code h_j = n / m_j}, {@code t} the score and {@code t_j} the score without pane {@code j}, the pseudo-values are
     * {@code p_j = h_j t - (h_j - 1) t_j} and the variance is {@code 1/g sum (p_j - mean)^2 / (h_j - 1)}. Source: Busing,
     * Meijer and van der Leeden, "Delete-m jackknife for unequal m", Statistics and Computing 9 (1999).
     *
     * @param panes of equal units and positions, at least one
     */
    public static Optional<WindowScore> of(Collection<OverlapCounters> panes) {
        List<OverlapCounters> filled =
                panes.stream().filter(pane -> pane.samples() > 0).toList();
        long samples = filled.stream().mapToLong(OverlapCounters::samples).sum();
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
        return Optional.of(new WindowScore(
                samples, score, jackknife(filled, counts, total, score), zeroShare(total, positions, samples)));
    }

    private static Optional<double[]> jackknife(
            List<OverlapCounters> panes, List<int[]> counts, int[] total, double[] score) {
        int positions = panes.get(0).positions();
        long samples = panes.stream().mapToLong(OverlapCounters::samples).sum();
        int g = panes.size();
        if (g < 2 || panes.stream().anyMatch(pane -> samples - pane.samples() < 2)) {
            return Optional.empty();
        }
        double[][] pseudo = new double[g][];
        double[] mean = new double[score.length];
        int[] rest = new int[total.length];
        for (int j = 0; j < g; j++) {
            int[] pane = counts.get(j);
            Arrays.setAll(rest, bit -> total[bit] - pane[bit]);
            double[] without = scores(rest, positions, samples - panes.get(j).samples());
            double h = (double) samples / panes.get(j).samples();
            pseudo[j] = new double[score.length];
            for (int unit = 0; unit < score.length; unit++) {
                pseudo[j][unit] = h * score[unit] - (h - 1) * without[unit];
                // Busing's centre is g t - sum (1 - m_j/n) t_j; it equals this mean weighted by m_j / n.
                mean[unit] += pseudo[j][unit] / h;
            }
        }
        double[] error = new double[score.length];
        for (int unit = 0; unit < score.length; unit++) {
            double variance = 0;
            for (int j = 0; j < g; j++) {
                double h = (double) samples / panes.get(j).samples();
                double deviation = pseudo[j][unit] - mean[unit];
                variance += deviation * deviation / (h - 1);
            }
            error[unit] = Math.sqrt(variance / g);
        }
        return Optional.of(error);
    }

    private static double[] zeroShare(int[] counts, int positions, long samples) {
        double[] share = new double[counts.length / positions];
        for (int unit = 0; unit < share.length; unit++) {
            long set = Arrays.stream(counts, unit * positions, (unit + 1) * positions)
                    .asLongStream()
                    .sum();
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
