package io.espalier.protocol.score;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Counters kept bit-sliced: plane {@code b} holds bit {@code b} of all counters, 64 counters to a word. Adding a sample
 * is a ripple-carry increment of all counters at once; eight samples are first reduced by carry-save adders
 * (Harley-Seal), so that the ripple starts at plane 3 and runs once for the eight. Source: Klarqvist, Mula and Lemire,
 * "Efficient computation of positional population counts using SIMD instructions", arXiv 1911.02696.
 *
 * <p>State, little-endian: version (1 byte), units (4), positions (4), samples (8), planes (1), then the planes without
 * the empty ones at the top.
 */
final class BitSlicedCountersV1 implements OverlapCounters {
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + 4 + 4 + 8 + 1;
    private static final int BLOCK = 8;

    /** Bits of {@link OverlapCounters#MAX_SAMPLES}, the largest count. */
    private static final int MAX_PLANES = 30;

    private final int units;
    private final int positions;
    private final int words;
    private final long[][] planes = new long[MAX_PLANES][];
    private long samples;

    BitSlicedCountersV1(int units, int positions) {
        if (units < 1 || positions < 1 || positions > MAX_POSITIONS || (long) units * positions > MAX_BITS) {
            throw new IllegalArgumentException(units + " units of " + positions + " positions cannot be counted: "
                    + "1 or more units, 1 to " + MAX_POSITIONS + " positions, at most " + MAX_BITS + " bits");
        }
        this.units = units;
        this.positions = positions;
        this.words = OverlapCounters.wordsPerSample(units, positions);
    }

    static BitSlicedCountersV1 fromBytes(byte[] state) {
        if (state.length < HEADER || state[0] != VERSION) {
            throw new IllegalArgumentException("not the state of overlap counters of version " + VERSION);
        }
        ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).position(1);
        BitSlicedCountersV1 counters = new BitSlicedCountersV1(in.getInt(), in.getInt());
        counters.samples = in.getLong();
        int stored = in.get();
        if (counters.samples < 0
                || counters.samples > MAX_SAMPLES
                || stored < 0
                || stored > bitLength(counters.samples)
                || in.remaining() != (long) stored * counters.words * Long.BYTES) {
            throw new IllegalArgumentException("the state of overlap counters is damaged: " + state.length + " bytes, "
                    + counters.samples + " samples, " + stored + " planes");
        }
        LongBuffer longs = in.asLongBuffer();
        for (int plane = 0; plane < stored; plane++) {
            longs.get(counters.plane(plane));
        }
        return counters;
    }

    @Override
    public int units() {
        return units;
    }

    @Override
    public int positions() {
        return positions;
    }

    @Override
    public long samples() {
        return samples;
    }

    @Override
    public void add(byte[] codes, int added) {
        if (added < 0 || codes.length != (long) added * words * Long.BYTES) {
            throw new IllegalArgumentException(
                    codes.length + " bytes of codes are not " + added + " samples of " + words + " words of 8 bytes");
        }
        grow(added);
        LongBuffer longs = ByteBuffer.wrap(codes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        long[] block = new long[Math.min(added, BLOCK) * words];
        long[] carry = new long[words];
        int sample = 0;
        for (; sample + BLOCK <= added; sample += BLOCK) {
            longs.get(block);
            reduce(block, carry);
            ripple(carry, 3);
        }
        for (; sample < added; sample++) {
            longs.get(carry);
            ripple(carry, 0);
        }
    }

    @Override
    public void merge(OverlapCounters other) {
        if (other.units() != units || other.positions() != positions) {
            throw new IllegalArgumentException("counters of " + other.units() + " x " + other.positions()
                    + " bits cannot be added to counters of " + units + " x " + positions);
        }
        BitSlicedCountersV1 that = other == this ? fromBytes(toBytes()) : (BitSlicedCountersV1) other;
        grow(that.samples);
        for (int plane = 0; plane < MAX_PLANES; plane++) {
            if (that.planes[plane] != null) {
                ripple(that.planes[plane].clone(), plane);
            }
        }
    }

    @Override
    public int[] counts() {
        int bits = units * positions;
        int[] counts = new int[bits];
        for (int plane = 0; plane < MAX_PLANES && planes[plane] != null; plane++) {
            long[] words = planes[plane];
            for (int bit = 0; bit < bits; bit++) {
                counts[bit] |= (int) ((words[bit >>> 6] >>> bit) & 1L) << plane;
            }
        }
        return counts;
    }

    @Override
    public long[] disagreements() {
        return disagreements(counts(), positions, samples);
    }

    static long[] disagreements(int[] counts, int positions, long samples) {
        long[] sums = new long[counts.length / positions];
        for (int bit = 0; bit < counts.length; bit++) {
            sums[bit / positions] += counts[bit] * (samples - counts[bit]);
        }
        return sums;
    }

    @Override
    public byte[] toBytes() {
        int stored = 0;
        for (int plane = 0; plane < MAX_PLANES && planes[plane] != null; plane++) {
            if (!isEmpty(planes[plane])) {
                stored = plane + 1;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(HEADER + stored * words * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(VERSION)
                .putInt(units)
                .putInt(positions)
                .putLong(samples)
                .put((byte) stored);
        LongBuffer longs = out.asLongBuffer();
        for (int plane = 0; plane < stored; plane++) {
            longs.put(planes[plane]);
        }
        return out.array();
    }

    private void grow(long added) {
        if (samples + added > MAX_SAMPLES) {
            throw new IllegalStateException("more than " + MAX_SAMPLES + " samples in one state: use shorter panes");
        }
        samples += added;
    }

    /** Adds eight samples to planes 0 to 2 and leaves what overflows, worth eight each, in {@code carry}. */
    private void reduce(long[] block, long[] carry) {
        long[] ones = plane(0);
        long[] twos = plane(1);
        long[] fours = plane(2);
        for (int w = 0; w < words; w++) {
            long a = block[w];
            long b = block[words + w];
            long one = ones[w];
            final long two0 = majority(one, a, b);
            one ^= a ^ b;

            a = block[2 * words + w];
            b = block[3 * words + w];
            final long two1 = majority(one, a, b);
            one ^= a ^ b;

            a = block[4 * words + w];
            b = block[5 * words + w];
            final long two2 = majority(one, a, b);
            one ^= a ^ b;

            a = block[6 * words + w];
            b = block[7 * words + w];
            final long two3 = majority(one, a, b);
            ones[w] = one ^ a ^ b;

            long two = twos[w];
            final long four0 = majority(two, two0, two1);
            two ^= two0 ^ two1;
            final long four1 = majority(two, two2, two3);
            twos[w] = two ^ two2 ^ two3;

            carry[w] = majority(fours[w], four0, four1);
            fours[w] ^= four0 ^ four1;
        }
    }

    /** The carry of a full adder; its sum is {@code a ^ b ^ c}. */
    private static long majority(long a, long b, long c) {
        return (a & b) | ((a ^ b) & c);
    }

    /** Adds {@code carry}, worth {@code 2^plane} each, to all counters; {@code carry} is used up. */
    private void ripple(long[] carry, int from) {
        long pending = or(carry);
        for (int plane = from; pending != 0; plane++) {
            long[] sum = plane(plane);
            pending = 0;
            for (int w = 0; w < words; w++) {
                long overflow = sum[w] & carry[w];
                sum[w] ^= carry[w];
                carry[w] = overflow;
                pending |= overflow;
            }
        }
    }

    private long[] plane(int plane) {
        // Lower planes always exist, so that "no plane" means "no higher bit".
        for (int lower = plane; lower >= 0 && planes[lower] == null; lower--) {
            planes[lower] = new long[words];
        }
        return planes[plane];
    }

    private static boolean isEmpty(long[] plane) {
        return or(plane) == 0;
    }

    private static long or(long[] longs) {
        long or = 0;
        for (long value : longs) {
            or |= value;
        }
        return or;
    }

    private static int bitLength(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }
}
