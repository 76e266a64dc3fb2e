package io.espalier.protocol.score;

import java.util.List;

/** What the panes of a window say of the covariance of a unit's bits. Moved from unit to unit. */
final class PaneSpread {
    private final List<BitCounts> panes;
    private final BitCounts whole;
    private final int positions;
    private final double[] rates;
    private final double[] distances;
    private int first;
    private double variance;
    private double squaredDistance;

    /** {@code panes}: none without samples. {@code whole}: their sum. */
    PaneSpread(List<BitCounts> panes, BitCounts whole) {
        this.panes = panes;
        this.whole = whole;
        this.positions = whole.positions();
        this.rates = new double[positions];
        this.distances = new double[positions];
    }

    /** Turns to a unit. */
    void of(int unit) {
        first = unit * positions;
        variance = 0;
        squaredDistance = 0;
        double all = samples();
        for (int p = 0; p < positions; p++) {
            double rate = whole.perBit()[first + p] / all;
            rates[p] = rate;
            distances[p] = 1 - 2 * rate;
            variance += rate * (1 - rate);
            squaredDistance += distances[p] * distances[p];
        }
    }

    int positions() {
        return positions;
    }

    /** Of all panes. */
    double samples() {
        return whole.samples();
    }

    /** The trace of the covariance. */
    double variance() {
        return variance;
    }

    /** {@code |d|^2 / P}, which is 1 - 2 times the score but for the factor N / (N - 1). */
    double squaredDistance() {
        return squaredDistance / positions;
    }

    /** {@code d'Cd / |d|^2} from the spread of the panes: each has the covariance C / its samples. */
    double alongScore() {
        if (squaredDistance == 0 || panes.size() < 2) {
            return 0;
        }
        double sum = 0;
        for (BitCounts pane : panes) {
            double along = 0;
            for (int p = 0; p < positions; p++) {
                along += distances[p] * deviation(pane, p);
            }
            sum += pane.samples() * along * along;
        }
        return sum / (panes.size() - 1) / squaredDistance;
    }

    /** The same if all positions were copies of each other, the most that it can be. */
    double alongScoreIfCopies() {
        if (squaredDistance == 0) {
            return variance;
        }
        double sum = 0;
        for (int p = 0; p < positions; p++) {
            sum += Math.abs(distances[p]) * Math.sqrt(rates[p] * (1 - rates[p]));
        }
        return sum * sum / squaredDistance;
    }

    /**
     * {@code tr(C^2)} from blocks of neighbouring panes. With g blocks and S their covariance, {@code (g - 1)^2 / ((g - 2)
     * (g + 1)) * (tr(S^2) - tr(S)^2 / (g - 1))} has it as its mean. Source: Bai and Saranadasa, "Effect of high dimension",
     * Statistica Sinica 6 (1996).
     */
    double trace(int mostBlocks) {
        int g = Math.min(panes.size(), mostBlocks);
        double[][] blocks = new double[g][positions];
        for (int block = 0; block < g; block++) {
            block(blocks[block], panes.subList(block * panes.size() / g, (block + 1) * panes.size() / g));
        }
        double squares = 0;
        double own = 0;
        for (int i = 0; i < g; i++) {
            for (int j = 0; j <= i; j++) {
                double product = dot(blocks[i], blocks[j]);
                squares += (i == j ? 1 : 2) * product * product;
                own += i == j ? product : 0;
            }
        }
        double trace = own / (g - 1);
        return (g - 1.0)
                * (g - 1)
                / ((g - 2.0) * (g + 1))
                * (squares / ((g - 1.0) * (g - 1)) - trace * trace / (g - 1));
    }

    private void block(double[] into, List<BitCounts> neighbours) {
        double size = 0;
        for (BitCounts pane : neighbours) {
            size += pane.samples();
            for (int p = 0; p < positions; p++) {
                into[p] += pane.samples() * deviation(pane, p);
            }
        }
        for (int p = 0; p < positions; p++) {
            into[p] /= Math.sqrt(size);
        }
    }

    private double deviation(BitCounts pane, int position) {
        return (double) pane.perBit()[first + position] / pane.samples() - rates[position];
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
