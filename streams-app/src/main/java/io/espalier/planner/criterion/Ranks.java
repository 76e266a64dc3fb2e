package io.espalier.planner.criterion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Ranks from 0, the lowest value, to 1, the highest; equal values share their mean rank. */
final class Ranks {
    private Ranks() {}

    /** Of all values as one list, in the lists they came in. */
    static List<double[]> together(List<double[]> values) {
        double[] ranks = of(values.stream().flatMapToDouble(Arrays::stream).toArray());
        List<double[]> parts = new ArrayList<>();
        int start = 0;
        for (double[] part : values) {
            parts.add(Arrays.copyOfRange(ranks, start, start + part.length));
            start += part.length;
        }
        return parts;
    }

    static double[] of(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(unit -> values[unit]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        for (int first = 0, last; first < order.length; first = last + 1) {
            last = first;
            while (last + 1 < order.length && values[order[last + 1]] == values[order[first]]) {
                last++;
            }
            double rank = values.length == 1 ? 0 : (first + last) / 2.0 / (values.length - 1);
            for (int i = first; i <= last; i++) {
                ranks[order[i]] = rank;
            }
        }
        return ranks;
    }

    /**
     * The rank that each of some values would have if it alone were moved.
     *
     * @param all the values among which ranks are taken
     * @param values those that are moved, all of them in {@code all}
     * @param moved where to, in their order
     */
    static double[] among(double[] all, double[] values, double[] moved) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[moved.length];
        for (int i = 0; i < moved.length; i++) {
            double own = values[i];
            double place = moved[i];
            // Of the others: its own old place does not count.
            double below = below(sorted, place) - (own < place ? 1 : 0);
            double equal = below(sorted, Math.nextUp(place)) - below(sorted, place) - (own == place ? 1 : 0);
            ranks[i] = all.length == 1 ? 0 : (below + equal / 2) / (all.length - 1);
        }
        return ranks;
    }

    /** How many of the sorted values are below one. */
    private static int below(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
