package io.espalier.benchmarks;

import java.util.Collection;

/** What is said of several runs. */
public final class Medians {
    private Medians() {}

    /** Of an even number of values the mean of the middle two; NaN of none. */
    public static double of(Collection<Double> values) {
        return quantile(values, 0.5);
    }

    /** The {@code share} quantile, interpolated between neighbours; NaN of no values. */
    public static double quantile(Collection<Double> values, double share) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
