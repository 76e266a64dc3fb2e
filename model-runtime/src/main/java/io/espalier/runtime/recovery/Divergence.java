package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import java.util.List;

/**
 * How far one network's outputs are from another's on the same inputs.
 *
 * <p>Outputs of whole numbers are not looked at. An output of two dimensions with two or more columns is taken for class
 * scores: its divergence is the Kullback-Leibler divergence of the class probabilities in nats, meaned over samples
 * (rows that are no probabilities go through a softmax first). Of any other, it is the squared error over the reference's
 * variance. Several outputs are meaned.
 */
public final class Divergence {
    private static final double SMALLEST = 1e-12;

    private double sum;
    private long samples;
    private double squaredError;
    private double sumOfReference;
    private double squaresOfReference;
    private long elements;
    private long rows;
    private long agreeing;

    /**
     * What was measured.
     *
     * @param divergence 0 or more
     * @param agreement share of samples that both give the same class; null where there are no class scores
     */
    public record Measured(double divergence, Double agreement) {}

    /** Takes one batch into account: the outputs of both networks, in order. */
    public void add(List<Tensor> reference, List<Tensor> actual) {
        for (int i = 0; i < reference.size(); i++) {
            Tensor expected = reference.get(i);
            if (expected.type().isFloating()) {
                boolean scores = expected.shape().length == 2 && expected.shape()[1] > 1;
                if (scores) {
                    addScores(expected, actual.get(i));
                } else {
                    addValues(expected, actual.get(i));
                }
            }
        }
    }

    private void addScores(Tensor expected, Tensor actual) {
        int columns = Math.toIntExact(expected.shape()[1]);
        float[] p = expected.toFloats().data();
        float[] q = actual.toFloats().data();
        for (int from = 0; from < p.length; from += columns) {
            double[] wanted = probabilities(p, from, columns);
            double[] given = probabilities(q, from, columns);
            double divergence = 0;
            for (int c = 0; c < columns; c++) {
                divergence += wanted[c] * Math.log((wanted[c] + SMALLEST) / (given[c] + SMALLEST));
            }
            sum += Math.max(0, divergence);
            samples++;
            rows++;
            agreeing += largest(wanted) == largest(given) ? 1 : 0;
        }
    }

    private static double[] probabilities(float[] scores, int from, int columns) {
        double total = 0;
        double largest = Double.NEGATIVE_INFINITY;
        boolean share = true;
        for (int c = 0; c < columns; c++) {
            total += scores[from + c];
            largest = Math.max(largest, scores[from + c]);
            share &= scores[from + c] >= 0;
        }
        double[] probabilities = new double[columns];
        boolean already = share && Math.abs(total - 1) < 1e-3;
        double divisor = 0;
        for (int c = 0; c < columns; c++) {
            probabilities[c] = already ? scores[from + c] : Math.exp(scores[from + c] - largest);
            divisor += probabilities[c];
        }
        for (int c = 0; c < columns; c++) {
            probabilities[c] /= divisor;
        }
        return probabilities;
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    private void addValues(Tensor expected, Tensor actual) {
        float[] wanted = expected.toFloats().data();
        float[] given = actual.toFloats().data();
        for (int i = 0; i < wanted.length; i++) {
            double difference = (double) given[i] - wanted[i];
            squaredError += difference * difference;
            sumOfReference += wanted[i];
            squaresOfReference += (double) wanted[i] * wanted[i];
        }
        elements += wanted.length;
    }

    /** Throws {@link IllegalStateException} when nothing could be measured. */
    public Measured measured() {
        if (samples == 0 && elements == 0) {
            throw new IllegalStateException("the model has no output of real numbers to compare");
        }
        double kinds = (samples > 0 ? 1 : 0) + (elements > 0 ? 1 : 0);
        double scores = samples > 0 ? sum / samples : 0;
        double variance = elements > 0 ? squaresOfReference - sumOfReference * sumOfReference / elements : 1;
        double values = squaredError == 0 ? 0 : squaredError / Math.max(variance, SMALLEST);
        return new Measured((scores + values) / kinds, rows == 0 ? null : (double) agreeing / rows);
    }
}
