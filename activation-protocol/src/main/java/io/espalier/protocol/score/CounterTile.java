package io.espalier.protocol.score;

import java.nio.LongBuffer;

/**
 * A run of bit-sliced counters: plane {@code b} holds bit {@code b} of all of them, 64 counters to a word. Up to sixteen
 * samples are reduced by carry-save adders (Harley-Seal) before their carry ripples through the planes above, once for all
 * of them. Source: Klarqvist, Mula and Lemire, "Efficient computation of positional population counts using SIMD
 * instructions", arXiv 1911.02696.
 *
 * <p>C2 vectorises a loop only when it is short enough to be unrolled and when all its arrays are read and written at the
 * same index. Hence one small loop per adder, on arrays that all start where the tile does, and a tile small enough for the
 * samples of a block to stay in the first cache: 2.5 times as fast as one loop over all adders.
 */
final class CounterTile {
    /** Most words of a tile. */
    static final int WORDS = 256;

    /** Most samples {@link #add} takes at once. */
    static final int BLOCK = 16;

    /** Bits of {@link OverlapCounters#MAX_SAMPLES}, the largest count. */
    static final int MAX_PLANES = 30;

    /** For each byte, its bits as eight bytes of 0 or 1. */
    private static final long[] SPREAD = spread();

    private final int words;
    private final long[][] planes = new long[MAX_PLANES][];

    CounterTile(int words) {
        this.words = words;
    }

    int words() {
        return words;
    }

    /**
     * Adds samples.
     *
     * @param rows of each sample the words of this tile; used up
     * @param samples of the rows, a power of two up to {@link #BLOCK}
     */
    void add(long[][] rows, int samples) {
        int level = 0;
        for (int step = 1; step < samples; step *= 2) {
            long[] sum = plane(level++);
            for (int row = 0; row < samples; row += 2 * step) {
                addTwo(sum, rows[row], rows[row + step]);
            }
        }
        ripple(rows[0], level);
    }

    /** Adds {@code carry}, worth {@code 2^plane} each, to all counters; {@code carry} is used up. */
    void ripple(long[] carry, int from) {
        int plane = from;
        while (addOne(plane(plane), carry) != 0) {
            plane++;
        }
    }

    /** Adds the counters of {@code other}, of as many words. */
    void merge(CounterTile other) {
        for (int plane = 0; plane < MAX_PLANES && other.planes[plane] != null; plane++) {
            ripple(other.planes[plane].clone(), plane);
        }
    }

    /** Planes without the empty ones at the top. */
    int height() {
        int height = MAX_PLANES;
        while (height > 0 && (planes[height - 1] == null || isEmpty(planes[height - 1]))) {
            height--;
        }
        return height;
    }

    void read(int plane, LongBuffer from) {
        from.get(plane(plane));
    }

    void write(int plane, LongBuffer to) {
        to.put(planes[plane] == null ? new long[words] : planes[plane]);
    }

    /** Sets the counts from {@code first} on, as many as there are or as this tile has. */
    void counts(int[] counts, int first) {
        int height = height();
        int end = Math.min(counts.length - first, words * Long.SIZE);
        for (int bit = 0; bit < end; bit += Byte.SIZE) {
            for (int low = 0; low < height; low += Byte.SIZE) {
                long eight = eight(bit, low, Math.min(height, low + Byte.SIZE));
                for (int i = 0; i < Math.min(Byte.SIZE, end - bit); i++) {
                    counts[first + bit + i] |= (int) ((eight >>> (Byte.SIZE * i)) & 0xFF) << low;
                }
            }
        }
    }

    /** Eight counters from {@code bit} on, a byte each: their bits from plane {@code low} to below {@code high}. */
    private long eight(int bit, int low, int high) {
        long eight = 0;
        for (int plane = low; plane < high; plane++) {
            eight |= SPREAD[(int) (planes[plane][bit >>> 6] >>> bit) & 0xFF] << (plane - low);
        }
        return eight;
    }

    private long[] plane(int plane) {
        // Lower planes always exist, so that "no plane" means "no higher bit".
        for (int lower = plane; lower >= 0 && planes[lower] == null; lower--) {
            planes[lower] = new long[words];
        }
        return planes[plane];
    }

    /** A full adder: two bits to a sum, the carry instead of the first. */
    private static void addTwo(long[] sum, long[] first, long[] second) {
        for (int w = 0; w < sum.length; w++) {
            long a = sum[w];
            long b = first[w];
            long c = second[w];
            long either = a ^ b;
            sum[w] = either ^ c;
            first[w] = (a & b) | (either & c);
        }
    }

    /** A half adder: the carry stays in {@code carry}; returns whether there is any, as a word that is not zero. */
    private static long addOne(long[] sum, long[] carry) {
        long pending = 0;
        for (int w = 0; w < sum.length; w++) {
            long a = sum[w];
            long b = carry[w];
            sum[w] = a ^ b;
            carry[w] = a & b;
            pending |= a & b;
        }
        return pending;
    }

    private static boolean isEmpty(long[] plane) {
        long or = 0;
        for (long word : plane) {
            or |= word;
        }
        return or == 0;
    }

    private static long[] spread() {
        long[] spread = new long[1 << Byte.SIZE];
        for (int code = 0; code < spread.length; code++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                spread[code] |= (long) ((code >>> bit) & 1) << (Byte.SIZE * bit);
            }
        }
        return spread;
    }
}
