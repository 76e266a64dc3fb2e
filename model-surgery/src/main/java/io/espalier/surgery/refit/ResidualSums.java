package io.espalier.surgery.refit;

import java.util.Arrays;
import java.util.Optional;

/**
 * The sums from which every least-squares correction of some of a layer's weights can be computed: with rows {@code z} of
 * these weights' features and {@code r} of what the layer as it is lacks of its targets, {@code sum z z'}, {@code sum z r'}
 * and the sums of both. Close it.
 *
 * <p>Corrections have a penalty on the distance of the weights from where they began (Hoerl and Kennard, "Ridge
 * regression", Technometrics 1970): they minimise {@code sum |r - D z - d|^2 + lambda t |W + D - W0|^2}, where {@code t} is
 * the mean diagonal of the features' sums of squares, so that {@code lambda} has no unit. The intercept {@code d} is free.
 */
final class ResidualSums implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final int outputs;
    private final FeatureSums features;
    private final boolean hasFeatures;
    private final Matrix moments;
    private final Matrix sums;
    private long rows;

    /** Of the features from {@code first} to before {@code end}, which may be none. */
    ResidualSums(LinearAlgebra algebra, int first, int end, int outputs) {
        this.algebra = algebra;
        this.outputs = outputs;
        hasFeatures = end > first;
        features = hasFeatures ? new FeatureSums(algebra, first, end) : null;
        moments = hasFeatures ? algebra.zeros(end - first, outputs) : null;
        sums = algebra.zeros(1, outputs);
    }

    /** {@code seen}: rows of all features and a 1. */
    void add(Matrix seen, Matrix residual) {
        int one = seen.columns() - 1;
        try (Matrix ones = seen.columns(one, one + 1)) {
            sums.addTransposeProduct(1, ones, residual);
        }
        if (hasFeatures) {
            features.add(seen);
            try (Matrix own = seen.columns(features.first(), features.first() + features.features())) {
                moments.addTransposeProduct(1, own, residual);
            }
        }
        rows += seen.rows();
    }

    /** The intercept that puts means right, weights as they are. */
    Correction centring() {
        Matrix intercept = algebra.zeros(1, outputs);
        intercept.addScaled(1.0 / rows, sums);
        return new Correction(0, null, intercept);
    }

    /**
     * A correction; empty when even the penalty does not make the equations solvable: a larger one may.
     *
     * @param back from the weights as they are to where they began, [features][outputs]
     * @param intercept whether the layer has a place for one; else it stays as it is
     */
    Optional<Correction> solve(double lambda, Matrix back, boolean intercept) {
        try (Matrix spread = features.spread(intercept);
                Matrix right = moments.copy()) {
            double trace = Arrays.stream(spread.diagonal()).sum();
            double penalty = lambda * trace / features.features();
            if (intercept) {
                right.addTransposeProduct(-1.0 / rows, features.sums(), sums);
            }
            right.addScaled(penalty, back);
            spread.addToDiagonal(penalty);
            Matrix weights = trace > 0 ? spread.solve(right) : null;
            if (weights == null) {
                return Optional.empty();
            }
            Matrix shift = algebra.zeros(1, outputs);
            if (intercept) {
                shift.addScaled(1.0 / rows, sums);
                shift.addProduct(-1.0 / rows, features.sums(), weights);
            }
            return Optional.of(new Correction(features.first(), weights, shift));
        }
    }

    @Override
    public void close() {
        sums.close();
        if (hasFeatures) {
            features.close();
            moments.close();
        }
    }
}
