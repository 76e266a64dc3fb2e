package io.espalier.protocol.score;

import java.nio.LongBuffer;
import java.util.Arrays;

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

    /** By their size, the lower halves of runs of 2, 4 and 8 bits. */
    private static final long[] LOW_HALVES = {0, 0x5555555555555555L, 0x3333333333333333L, 0, 0x0F0F0F0F0F0F0F0FL};

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

    /** Sets the counts of all counters of this tile, from {@code first} on. */
    void counts(int[] counts, int first) {
        int height = height();
        for (int low = 0; low < height; low += Byte.SIZE) {
            long[][] bytes = bytes(low, height);
            for (int row = 0; row < Byte.SIZE; row++) {
                for (int w = 0; w < words; w++) {
                    long eight = bytes[row][w];
                    int counter = first + w * Long.SIZE + row;
                    for (int i = 0; i < Byte.SIZE; i++) {
                        counts[counter + i * Byte.SIZE] |= (int) (eight >>> (i * Byte.SIZE) & 0xFF) << low;
                    }
                }
            }
        }
    }

    /**
     * The bits of all counters from plane {@code low} on, eight of each: of counter {@code c} in byte {@code c / 8} of row
     * {@code c % 8}. Blocks of eight planes and eight counters are transposed by swapping their halves, then the halves of
     * those, and so on, all blocks at once. Source: Warren, "Hacker's Delight", 2nd edition, 7-3.
     */
    private long[][] bytes(int low, int height) {
        long[][] rows = new long[Byte.SIZE][];
        Arrays.setAll(rows, row -> low + row < height ? planes[low + row].clone() : new long[words]);
        for (int half = Byte.SIZE / 2; half > 0; half /= 2) {
            for (int row = 0; row < Byte.SIZE; row++) {
                if ((row & half) == 0) {
                    swap(rows[row], rows[row + half], half, LOW_HALVES[half]);
                }
            }
        }
        return rows;
    }

    /** What {@code mask} has in {@code below} goes {@code shift} bits further up in {@code above}, and what was there comes down. */
    private static void swap(long[] above, long[] below, int shift, long mask) {
        for (int w = 0; w < above.length; w++) {
            long differ = (above[w] >>> shift ^ below[w]) & mask;
            above[w] ^= differ << shift;
            below[w] ^= differ;
        }
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
}
