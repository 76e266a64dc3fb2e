package io.espalier.protocol.score;

/**
 * How many bytes the panes of a window take at most: 16 bits for each position of a unit, since a pane is full at {@value
 * PaneStatistics#MAX_SAMPLES} samples, 16 bytes for a unit's two sums, and the codes of some samples, 8 KiB or four, with a hash
 * each. With fewer samples a position takes as many bits as their number has.
 */
public final class StateSize {
    private static final int BITS_PER_POSITION = 16;
    private static final int BYTES_PER_UNIT = 2 * Double.BYTES;

    /** Headers, the key, and what the collections around a pane take. */
    private static final int OVERHEAD = 512;

    private StateSize() {}

    /**
     * Of one pane of a shard.
     *
     * @param products how many products its batches bring, 0 for none
     */
    public static long pane(int units, int positions, int products) {
        int words = OverlapCounters.wordsPerSample(units, positions);
        return (long) words * Long.BYTES * BITS_PER_POSITION
                + (long) BYTES_PER_UNIT * units
                + (long) Double.BYTES * products
                + CodeSample.maxBytes(words)
                + OVERHEAD;
    }

    /**
     * Of a window on the heap: a pane is there as it is counted into, and as it was last written; and all closed panes are
     * there once more, taken together, which is less than two panes.
     */
    public static long window(int units, int positions, int products, int panes) {
        return 2L * (panes + 1) * pane(units, positions, products);
    }

    /** The same of a window whose panes are like this one. */
    public static long window(PaneStatistics pane, int panes) {
        int products =
                pane.products().map(sums -> ProductSums.size(sums.units())).orElse(0);
        return window(pane.counters().units(), pane.counters().positions(), products, panes);
    }
}
