package io.espalier.cli.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Of the same figure in several runs. */
final class Statistics {
    private final double[] sorted;

    private Statistics(double[] sorted) {
        this.sorted = sorted;
    }

    /** Of the figures that are not null; there must be one. */
    static Statistics of(List<Double> figures) {
        double[] sorted = figures.stream()
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("there are no figures");
        }
        return new Statistics(sorted);
    }

    static Statistics of(List<Run> runs, Function<Run, Double> figure) {
        return of(runs.stream().map(figure).toList());
    }

    /** The middle one, or the mean of the two in the middle. */
    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double mean() {
        return Arrays.stream(sorted).average().orElseThrow();
    }

    /** Of the sample, with n - 1 below the line; 0 of a single figure. */
    double standardDeviation() {
        if (sorted.length == 1) {
            return 0;
        }
        double mean = mean();
        double squares = Arrays.stream(sorted)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (sorted.length - 1));
    }
}
