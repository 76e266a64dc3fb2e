package io.espalier.planner.sampling;

import java.util.TreeMap;

/**
 * How many samples came into a window since it was last looked at, by what it holds: what it lost with its oldest panes is made
 * up for. At a low rate each batch may begin a pane and end another, and without that no arrival would ever be seen.
 */
public final class ArrivedSamples {
    /** Samples by the end of the pane that was the newest when they came. */
    private final TreeMap<Long, Double> held = new TreeMap<>();

    private boolean isKnown;

    /**
     * Looks at the window; returns how many samples have arrived since the last look, none the first time.
     *
     * @param startMs and {@code endMs}: from the start of its first pane to the end of its last
     * @param panes that it has, 1 or more
     */
    public double look(long samples, long startMs, long endMs, int panes) {
        if (!isKnown) {
            spread(samples, startMs, endMs, panes);
            isKnown = true;
            return 0;
        }
        held.headMap(startMs, true).clear();
        double before = held.values().stream().mapToDouble(Double::doubleValue).sum();
        double arrived = Math.max(0, samples - before);
        if (arrived > 0) {
            held.merge(endMs, arrived, Double::sum);
        } else if (before > 0) {
            // More has gone than was thought to be in the panes that went.
            double share = samples / before;
            held.replaceAll((end, some) -> some * share);
        }
        return arrived;
    }

    /** What was there before the first look is taken to be as much in each pane. */
    private void spread(long samples, long startMs, long endMs, int panes) {
        for (int pane = 1; pane <= panes; pane++) {
            held.merge(startMs + (endMs - startMs) * pane / panes, (double) samples / panes, Double::sum);
        }
    }
}
