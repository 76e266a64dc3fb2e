package io.espalier.surgery.refit;

import java.util.stream.IntStream;

/**
 * What is added to a layer's weights for the features from {@code first} on, and to its intercept. Close it.
 *
 * @param weights [features][outputs]; null where only the intercept changes
 * @param intercept a row of outputs
 */
record Correction(int first, Matrix weights, Matrix intercept) implements AutoCloseable {
    /**
     * Takes what it adds to the layer's outputs from what these lack.
     *
     * @param seen rows of all features and a 1
     * @param residual a row of outputs for each, changed here
     */
    void takeFrom(Matrix residual, Matrix seen) {
        int one = seen.columns() - 1;
        try (Matrix ones = seen.columns(one, one + 1)) {
            residual.addProduct(-1, ones, intercept);
        }
        if (weights != null) {
            try (Matrix own = seen.columns(first, first + weights.rows())) {
                residual.addProduct(-1, own, weights);
            }
        }
    }

    LinearFit added(LinearFit fit) {
        int count = weights == null ? 0 : weights.rows();
        int[] features = IntStream.range(first, first + count).toArray();
        return fit.plus(features, weights == null ? new double[0] : weights.values(), intercept.values());
    }

    @Override
    public void close() {
        intercept.close();
        if (weights != null) {
            weights.close();
        }
    }
}
