package io.espalier.protocol.score;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How many independent samples of one position would tell as much of a unit's score as those that were seen: positions of
 * a sample resemble each other, and so do samples of one minute, by how much the spread of the panes shows.
 *
 * <p>With {@code d_p = 1 - 2 r_p}, where {@code r_p} is the rate at position p, the score is {@code (1 - |d|^2 / P) / 2},
 * and with {@code C} the covariance of a sample's bits its variance over N samples is {@code 4 d'Cd / (N P^2) + 8 tr(C^2) /
 * (N P)^2}: the variance of a U-statistic of degree two (Hoeffding, "A class of statistics with asymptotically normal
 * distribution", 1948). The second part is all there is where every rate is one half. For a single position and
 * independent samples this is {@code v(t) = 2 t (1 - 2 t) / N + 2 t^2 / N^2} at a true score t, so what a unit has is said
 * as the two numbers that stand for N there: {@link #error}, {@link #lower} and {@link #upper} then treat all units alike.
 *
 * <p>The interval is that of all t which the score does not contradict, {@code |score - t| <= q sqrt(v(t))}: as Wilson's for
 * a rate (JASA 22, 1927), it asks for the spread that there would be if t were true, and holds for rare and for balanced
 * units, where {@code score +- q error} does not. q is a quantile of Student's distribution for the number of panes.
 */
final class EffectiveSamples {
    /** With fewer panes their spread says too little: positions are then taken to be copies of each other. */
    static final int LEAST_PANES = 4;

    /** The trace takes time of the square of this; more say little more. */
    private static final int MOST_BLOCKS = 12;

    /** From so many times {@code 1 - 2 score} samples on, the second part is a thousandth of the first. */
    private static final double SECOND_PART_MATTERS_BELOW = 1000;

    private static final double TAIL = 0.025;

    private final double[] linear;
    private final double[] quadratic;
    private final double quantile;

    private EffectiveSamples(double[] linear, double[] quadratic, double quantile) {
        this.linear = linear;
        this.quadratic = quadratic;
        this.quantile = quantile;
    }

    /**
     * Looks at the spread of panes.
     *
     * @param panes none without samples
     * @param whole their sum
     */
    static EffectiveSamples of(List<BitCounts> panes, BitCounts whole) {
        int units = whole.units();
        double[] linear = new double[units];
        double[] quadratic = new double[units];
        PaneSpread spread = new PaneSpread(panes, whole);
        boolean known = panes.size() >= LEAST_PANES;
        for (int unit = 0; unit < units; unit++) {
            spread.of(unit);
            linear[unit] = linear(spread, known);
            quadratic[unit] = quadratic(spread, known);
        }
        double quantile = known
                ? TDistribution.of(panes.size() - 1).inverseSurvivalProbability(TAIL)
                : NormalDistribution.of(0, 1).inverseSurvivalProbability(TAIL);
        return new EffectiveSamples(linear, quadratic, quantile);
    }

    /** The same of {@code times} as many samples of the same kind. */
    EffectiveSamples times(double times) {
        return new EffectiveSamples(
                Arrays.stream(linear).map(n -> n * times).toArray(),
                Arrays.stream(quadratic).map(square -> square * times * times).toArray(),
                quantile);
    }

    private static double linear(PaneSpread spread, boolean known) {
        double copies = spread.alongScoreIfCopies();
        double along = known ? spread.alongScore() : Math.max(copies, spread.alongScore());
        // Nothing varied: as if each sample had been seen at one position.
        return along > 0 ? spread.samples() * spread.variance() / along : spread.samples();
    }

    /** The square of the number that stands for N in the second part. */
    private static double quadratic(PaneSpread spread, boolean known) {
        double samples = spread.samples();
        double copies = samples * samples;
        boolean matters = samples * spread.squaredDistance() < SECOND_PART_MATTERS_BELOW;
        if (!known || !matters || spread.variance() == 0) {
            return copies;
        }
        double sum = spread.variance();
        // Between all positions independent and alike, and all of them copies.
        double trace = Math.max(sum * sum / spread.positions(), Math.min(sum * sum, spread.trace(MOST_BLOCKS)));
        return copies * sum * sum / trace;
    }

    /** Standard error of a unit's score, 0 or more. */
    double error(int unit, double score) {
        return Math.sqrt(2 * score * Math.max(0, 1 - 2 * score) / linear[unit] + 2 * score * score / quadratic[unit]);
    }

    /** Lower end of the interval that holds the true score in 95 % of all cases, 0 or more. */
    double lower(int unit, double score) {
        return Math.max(0, end(unit, score, -1));
    }

    /** Upper end of that interval, at most 1. */
    double upper(int unit, double score) {
        return Math.min(1, end(unit, score, 1));
    }

    /** The ends solve {@code t^2 (1 + 4 a - 2 b) - 2 t (score + a) + score^2 = 0}. */
    private double end(int unit, double score, int sign) {
        double a = quantile * quantile / linear[unit];
        double b = quantile * quantile / quadratic[unit];
        double square = 1 + 4 * a - 2 * b;
        double half = score + a;
        return (half + sign * Math.sqrt(Math.max(0, half * half - square * score * score))) / square;
    }
}
