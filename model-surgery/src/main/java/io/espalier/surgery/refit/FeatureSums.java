package io.espalier.surgery.refit;

/**
 * Sums over observations of some features and of their products, in double precision; no observation is kept. Close it.
 */
public final class FeatureSums implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final int first;
    private final int end;
    private final Matrix gram;
    private final Matrix sums;
    private long rows;

    /** Of the features from {@code first} to before {@code end}. */
    public FeatureSums(LinearAlgebra algebra, int first, int end) {
        this.algebra = algebra;
        this.first = first;
        this.end = end;
        gram = algebra.zeros(end - first, end - first);
        sums = algebra.zeros(1, end - first);
    }

    /** Adds observations: rows of all features and a 1. */
    public void add(Matrix seen) {
        int one = seen.columns() - 1;
        try (Matrix own = seen.columns(first, end);
                Matrix ones = seen.columns(one, one + 1)) {
            gram.addGram(own);
            sums.addTransposeProduct(1, ones, own);
        }
        rows += seen.rows();
    }

    /** How many observations were added. */
    public long rows() {
        return rows;
    }

    int features() {
        return end - first;
    }

    int first() {
        return first;
    }

    LinearAlgebra algebra() {
        return algebra;
    }

    /** A new matrix of the sums of products, its lower triangle; about the means where an intercept takes these up. */
    Matrix spread(boolean intercept) {
        Matrix spread = gram.copy();
        if (intercept) {
            spread.addTransposeProduct(-1.0 / rows, sums, sums);
        }
        return spread;
    }

    /** The same of some features, numbered from {@link #first}, with others; whole. */
    Matrix spread(int[] some, int[] others, boolean intercept) {
        gram.mirror();
        Matrix spread = gram.part(some, others);
        if (intercept) {
            try (Matrix left = sums(some);
                    Matrix right = sums(others)) {
                spread.addTransposeProduct(-1.0 / rows, left, right);
            }
        }
        return spread;
    }

    /** A row of the sums of some features, numbered from {@link #first}. */
    Matrix sums(int[] some) {
        return sums.part(new int[] {0}, some);
    }

    /** A row; not to be changed. */
    Matrix sums() {
        return sums;
    }

    /** Covariances over the observations, row-major [features][features]. */
    public double[] covariances() {
        gram.mirror();
        double[] covariances = gram.values();
        double[] totals = sums.values();
        int features = features();
        for (int i = 0; i < features; i++) {
            double mean = totals[i] / rows;
            for (int j = 0; j < features; j++) {
                covariances[i * features + j] = covariances[i * features + j] / rows - mean * totals[j] / rows;
            }
        }
        return covariances;
    }

    @Override
    public void close() {
        gram.close();
        sums.close();
    }
}
