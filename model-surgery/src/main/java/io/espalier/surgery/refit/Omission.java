package io.espalier.surgery.refit;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Weights that do without some features: with a penalty as in {@link Refit}, the others are fitted to what those did. Their
 * products say all that this needs, so that one pass over the observations serves any number of omissions. Of a layer too
 * wide for the products of all its features, each block makes up for its own loss.
 */
public final class Omission {
    private static final double PENALTY = 1e-3;

    private final LinearAlgebra algebra;
    private final FeatureSums sums;
    private final boolean intercept;

    /**
     * @param sums of all features of the layer, or of a block of them
     * @param intercept whether the layer has a place for an intercept
     */
    public Omission(LinearAlgebra algebra, FeatureSums sums, boolean intercept) {
        this.algebra = algebra;
        this.sums = sums;
        this.intercept = intercept;
    }

    /**
     * The layer with weights of zero for the features of the block that do not stay.
     *
     * @param kept the features of the layer that stay, rising
     */
    public LinearFit without(LinearFit fit, int[] kept) {
        int first = sums.first();
        int end = first + sums.features();
        int[] lost = IntStream.range(first, end)
                .filter(feature -> Arrays.binarySearch(kept, feature) < 0)
                .toArray();
        int[] left = Arrays.stream(kept).filter(f -> f >= first && f < end).toArray();
        if (lost.length == 0) {
            return fit;
        }
        double[] gone = new double[lost.length * fit.outputs()];
        for (int i = 0; i < lost.length; i++) {
            for (int output = 0; output < fit.outputs(); output++) {
                gone[i * fit.outputs() + output] = -fit.weights()[output * fit.features() + lost[i]];
            }
        }
        LinearFit cut = fit.plus(lost, gone, new double[fit.outputs()]);
        return left.length == 0 ? cut : madeUp(cut, gone, lost, left);
    }

    private LinearFit madeUp(LinearFit cut, double[] gone, int[] lost, int[] left) {
        int[] lostHere = Arrays.stream(lost).map(f -> f - sums.first()).toArray();
        int[] leftHere = Arrays.stream(left).map(f -> f - sums.first()).toArray();
        try (Matrix removed = algebra.of(lost.length, cut.outputs(), buffer -> buffer.put(gone));
                Matrix right = algebra.zeros(left.length, cut.outputs());
                Matrix matrix = sums.spread(leftHere, leftHere, intercept)) {
            try (Matrix cross = sums.spread(leftHere, lostHere, intercept)) {
                right.addProduct(-1, cross, removed);
            }
            double trace = Arrays.stream(matrix.diagonal()).sum();
            matrix.addToDiagonal(PENALTY * trace / left.length);
            Matrix weights = trace > 0 ? matrix.solve(right) : null;
            if (weights == null) {
                return cut;
            }
            try (weights;
                    Matrix shift = algebra.zeros(1, cut.outputs());
                    Matrix lostSums = sums.sums(lostHere);
                    Matrix leftSums = sums.sums(leftHere)) {
                if (intercept) {
                    shift.addProduct(-1.0 / sums.rows(), lostSums, removed);
                    shift.addProduct(-1.0 / sums.rows(), leftSums, weights);
                }
                return cut.plus(left, weights.values(), shift.values());
            }
        }
    }
}
