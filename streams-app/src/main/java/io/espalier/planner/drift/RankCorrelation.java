package io.espalier.planner.drift;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Spearman's: the correlation of the ranks, equal values sharing their mean rank. */
final class RankCorrelation {
    private RankCorrelation() {}

    /** In [-1, 1]; 1 where the values of one side are all equal, since then no order was lost. */
    static double of(double[] one, double[] other) {
        double[] x = centred(one);
        double[] y = centred(other);
        double xx = dot(x, x);
        double yy = dot(y, y);
        return xx == 0 || yy == 0 ? 1 : dot(x, y) / Math.sqrt(xx * yy);
    }

    private static double[] centred(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        for (int first = 0, last; first < order.length; first = last + 1) {
            last = first;
            while (last + 1 < order.length && values[order[last + 1]] == values[order[first]]) {
                last++;
            }
            for (int i = first; i <= last; i++) {
                ranks[order[i]] = (first + last) / 2.0 - (values.length - 1) / 2.0;
            }
        }
        return ranks;
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
