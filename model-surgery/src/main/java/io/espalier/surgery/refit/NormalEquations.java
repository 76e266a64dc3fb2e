package io.espalier.surgery.refit;

import java.util.Arrays;

/**
 * The sums over observations from which every least-squares fit of a layer, and its error, can be computed, so that no
 * observation is kept: with rows {@code z = (x, 1)} of features and targets {@code y}, the matrices {@code sum z z'} and
 * {@code sum z y'} and per target {@code sum y^2}, in double precision. Adding two states is adding the numbers.
 */
public final class NormalEquations {
    private final int features;
    private final int outputs;
    private final Products products;
    private final double[] gram;
    private final double[] moments;
    private final double[] squares;
    private long rows;

    /** {@code outputs}: 0 or more; without any, the sums are those of the features alone. */
    public NormalEquations(int features, int outputs, Products products) {
        this.features = features;
        this.outputs = outputs;
        this.products = products;
        this.gram = new double[Math.multiplyExact(features + 1, features + 1)];
        this.moments = new double[Math.multiplyExact(features + 1, outputs)];
        this.squares = new double[outputs];
    }

    /**
     * Adds observations.
     *
     * @param seen row-major [count][features + 1], the last column all ones
     * @param targets row-major [count][outputs]
     */
    public void add(double[] seen, double[] targets, int count) {
        int columns = features + 1;
        add(gram, products.transposeTimes(seen, seen, count, columns, columns));
        if (outputs > 0) {
            add(moments, products.transposeTimes(seen, targets, count, columns, outputs));
        }
        for (int i = 0; i < count * outputs; i++) {
            squares[i % outputs] += targets[i] * targets[i];
        }
        rows += count;
    }

    private static void add(double[] into, double[] values) {
        for (int i = 0; i < into.length; i++) {
            into[i] += values[i];
        }
    }

    /** Mean over observations of the squared distance between targets and fit, 0 or more up to rounding. */
    public double error(LinearFit fit) {
        double[] columns = fit.columns();
        // The Gram matrix is its own transpose.
        double[] applied = products.transposeTimes(gram, columns, features + 1, features + 1, outputs);
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        for (int i = 0; i < columns.length; i++) {
            sum += columns[i] * (applied[i] - 2 * moments[i]);
        }
        return sum / rows;
    }

    /** The fit with the same weights whose mean over the observations is that of the targets. */
    public LinearFit centred(LinearFit fit) {
        double[] intercept = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            double mean = moments[features * outputs + output];
            for (int feature = 0; feature < features; feature++) {
                mean -= fit.weights()[output * features + feature] * gram[features * (features + 1) + feature];
            }
            intercept[output] = mean / rows;
        }
        return fit.withIntercept(intercept);
    }

    /** Covariances of the features over the observations, row-major [features][features]. */
    public double[] covariances() {
        double[] covariances = new double[features * features];
        for (int i = 0; i < features; i++) {
            for (int j = 0; j < features; j++) {
                double means = gram(i, features) / rows * (gram(j, features) / rows);
                covariances[i * features + j] = gram(i, j) / rows - means;
            }
        }
        return covariances;
    }

    /** The sums of some of the features only, in the order given. */
    public NormalEquations of(int[] some) {
        NormalEquations part = new NormalEquations(some.length, outputs, products);
        int[] taken = Arrays.copyOf(some, some.length + 1);
        taken[some.length] = features;
        for (int i = 0; i < taken.length; i++) {
            for (int j = 0; j < taken.length; j++) {
                part.gram[i * taken.length + j] = gram(taken[i], taken[j]);
            }
            System.arraycopy(moments, taken[i] * outputs, part.moments, i * outputs, outputs);
        }
        System.arraycopy(squares, 0, part.squares, 0, outputs);
        part.rows = rows;
        return part;
    }

    public long rows() {
        return rows;
    }

    int features() {
        return features;
    }

    int outputs() {
        return outputs;
    }

    /** {@code sum z_i z_j}. */
    double gram(int i, int j) {
        return gram[i * (features + 1) + j];
    }

    /** {@code sum z_i y_o}. */
    double moment(int i, int output) {
        return moments[i * outputs + output];
    }
}
