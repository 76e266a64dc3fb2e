package io.espalier.surgery.capture;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Picks at most 64 evenly spaced positions of a map. Picked, never pooled: their mean is an unbiased estimate. */
final class PositionGrid {
    static final int LIMIT = 64;

    private PositionGrid() {}

    /**
     * Row-major indices into a map of these sizes. Along a dimension of size n the i-th of g is
     * {@code floor((2 i + 1) n / (2 g))}, the middle of the i-th of g equal parts.
     */
    static long[] pick(long[] sizes) {
        int[] counts = counts(sizes);
        int total = Arrays.stream(counts).reduce(1, Math::multiplyExact);
        long[] picked = new long[total];
        for (int p = 0; p < total; p++) {
            long index = 0;
            int inner = total;
            for (int d = 0; d < sizes.length; d++) {
                inner /= counts[d];
                int i = p / inner % counts[d];
                index = index * sizes[d] + (2L * i + 1) * sizes[d] / (2L * counts[d]);
            }
            picked[p] = index;
        }
        return picked;
    }

    /** Positions per dimension: the smallest dimension takes its fair share of the limit first, the rest share on. */
    private static int[] counts(long[] sizes) {
        int[] counts = new int[sizes.length];
        int[] bySize = IntStream.range(0, sizes.length)
                .boxed()
                .sorted(Comparator.comparingLong(d -> sizes[d]))
                .mapToInt(Integer::intValue)
                .toArray();
        int left = LIMIT;
        for (int i = 0; i < bySize.length; i++) {
            int fair = (int) Math.floor(Math.pow(left, 1.0 / (bySize.length - i)) + 1e-9);
            counts[bySize[i]] = (int) Math.min(sizes[bySize[i]], fair);
            left /= counts[bySize[i]];
        }
        return counts;
    }
}
