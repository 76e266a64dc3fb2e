package io.espalier.surgery.coupling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Chooses widths of a trunk such that each keeps at most what the one before keeps, of every class: a cut can then be
 * carried further. Of all such chains, the one whose squared steps add up to least: steps are many and even. It does not
 * depend on what is above the widest, so that a trunk which was cut has the rest of the same table.
 */
final class WidthTable {
    private final NavigableMap<Integer, int[]> counts;
    private final Map<Integer, Long> least = new HashMap<>();
    private final Map<Integer, Integer> next = new HashMap<>();

    private WidthTable(NavigableMap<Integer, int[]> counts) {
        this.counts = counts;
    }

    /** {@code counts}: by width, how many units of each class. From the widest to the narrowest. */
    static List<int[]> of(NavigableMap<Integer, int[]> counts) {
        WidthTable table = new WidthTable(counts);
        counts.keySet().forEach(table::add);
        List<int[]> chain = new ArrayList<>();
        for (int width = counts.isEmpty() ? 0 : counts.lastKey(); width > 0; width = table.next.get(width)) {
            chain.add(counts.get(width));
        }
        return List.copyOf(chain);
    }

    /** Widths come in rising order. */
    private void add(int width) {
        long sum = (long) width * width;
        int best = 0;
        for (int narrower : counts.headMap(width, false).descendingKeySet()) {
            long step = (long) width - narrower;
            long candidate = least.get(narrower) + step * step;
            if (candidate < sum && isWithin(counts.get(narrower), counts.get(width))) {
                sum = candidate;
                best = narrower;
            }
        }
        least.put(width, sum);
        next.put(width, best);
    }

    private static boolean isWithin(int[] some, int[] all) {
        for (int i = 0; i < some.length; i++) {
            if (some[i] > all[i]) {
                return false;
            }
        }
        return true;
    }
}
