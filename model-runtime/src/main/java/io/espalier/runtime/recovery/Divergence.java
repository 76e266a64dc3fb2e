package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import java.util.List;

/**
 * How far one network's outputs are from another's on the same inputs: the squared error over the reference's variance, of
 * all outputs of real numbers together. On few inputs it says more than a distance of class probabilities, which a single
 * input near a border can move (measured: with 64 inputs, early stopping by the Kullback-Leibler divergence is a lottery).
 */
public final class Divergence {
    private static final double SMALLEST = 1e-30;

    private double squaredError;
    private double sum;
    private double squares;
    private long elements;
    private long rows;
    private long agreeing;

    /**
     * What was measured.
     *
     * @param divergence 0 or more; 1 for outputs that are the reference's mean whatever the input
     * @param agreement share of samples that both give the same class, of outputs with two dimensions and two columns or
     *     more; null where there are none
     */
    public record Measured(double divergence, Double agreement) {}

    /** Takes one batch into account: the outputs of both networks, in order. */
    public void add(List<Tensor> reference, List<Tensor> actual) {
        for (int i = 0; i < reference.size(); i++) {
            if (reference.get(i).type().isFloating()) {
                add(reference.get(i), actual.get(i));
            }
        }
    }

    private void add(Tensor reference, Tensor actual) {
        float[] expected = reference.toFloats().data();
        float[] given = actual.toFloats().data();
        for (int i = 0; i < expected.length; i++) {
            double difference = (double) given[i] - expected[i];
            squaredError += difference * difference;
            sum += expected[i];
            squares += (double) expected[i] * expected[i];
        }
        elements += expected.length;
        if (reference.shape().length == 2 && reference.shape()[1] > 1) {
            int columns = Math.toIntExact(reference.shape()[1]);
            for (int from = 0; from < expected.length; from += columns) {
                agreeing += largest(expected, from, columns) == largest(given, from, columns) ? 1 : 0;
                rows++;
            }
        }
    }

    private static int largest(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }

    /** Throws {@link IllegalStateException} when nothing could be measured. */
    public Measured measured() {
        if (elements == 0) {
            throw new IllegalStateException("the model has no output of real numbers to compare");
        }
        double spread = squares - sum * sum / elements;
        double divergence = squaredError == 0 ? 0 : squaredError / Math.max(spread, SMALLEST);
        return new Measured(divergence, rows == 0 ? null : (double) agreeing / rows);
    }
}
