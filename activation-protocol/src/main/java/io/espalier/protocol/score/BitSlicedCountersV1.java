package io.espalier.protocol.score;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Counters kept bit-sliced, in {@linkplain CounterTile tiles}.
 *
 * <p>State, little-endian: version (1 byte), units (4), positions (4), samples (8), planes (1), then the planes without
 * the empty ones at the top: plane {@code b} holds bit {@code b} of all counters, 64 counters to a word.
 */
final class BitSlicedCountersV1 implements OverlapCounters {
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + 4 + 4 + 8 + 1;

    private final int units;
    private final int positions;
    private final int words;
    private final CounterTile[] tiles;
    private long samples;

    BitSlicedCountersV1(int units, int positions) {
        if (units < 1 || positions < 1 || positions > MAX_POSITIONS || (long) units * positions > MAX_BITS) {
            throw new IllegalArgumentException(units + " units of " + positions + " positions cannot be counted: "
                    + "1 or more units, 1 to " + MAX_POSITIONS + " positions, at most " + MAX_BITS + " bits");
        }
        this.units = units;
        this.positions = positions;
        this.words = OverlapCounters.wordsPerSample(units, positions);
        this.tiles = new CounterTile[(words + CounterTile.WORDS - 1) / CounterTile.WORDS];
        Arrays.setAll(tiles, tile -> new CounterTile(Math.min(CounterTile.WORDS, words - tile * CounterTile.WORDS)));
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
            for (CounterTile tile : counters.tiles) {
                tile.read(plane, longs);
            }
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
    public void add(ByteBuffer codes, int added) {
        if (added < 0 || codes.limit() != (long) added * words * Long.BYTES) {
            throw new IllegalArgumentException(
                    codes.limit() + " bytes of codes are not " + added + " samples of " + words + " words of 8 bytes");
        }
        grow(added);
        LongBuffer longs =
                codes.duplicate().rewind().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        int block = Integer.highestOneBit(Math.min(added, CounterTile.BLOCK));
        long[][] rows = new long[block][];
        // One by one: made in one expression, they would cost a call into the runtime, half of what small layers take.
        Arrays.setAll(rows, row -> new long[tiles[0].words()]);
        for (int tile = 0; tile < tiles.length; tile++) {
            int start = tile * CounterTile.WORDS;
            for (int sample = 0; sample < added; ) {
                int together = Integer.highestOneBit(Math.min(added - sample, block));
                for (int row = 0; row < together; row++) {
                    longs.get((sample + row) * words + start, rows[row], 0, tiles[tile].words());
                }
                tiles[tile].add(rows, together);
                sample += together;
            }
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
        for (int tile = 0; tile < tiles.length; tile++) {
            tiles[tile].merge(that.tiles[tile]);
        }
    }

    @Override
    public int[] counts() {
        int[] counts = new int[words * Long.SIZE];
        for (int tile = 0; tile < tiles.length; tile++) {
            tiles[tile].counts(counts, tile * CounterTile.WORDS * Long.SIZE);
        }
        return counts.length == units * positions ? counts : Arrays.copyOf(counts, units * positions);
    }

    @Override
    public long[] disagreements() {
        return BitCounts.of(this).disagreements();
    }

    @Override
    public byte[] toBytes() {
        int stored = Arrays.stream(tiles).mapToInt(CounterTile::height).max().orElseThrow();
        ByteBuffer out = ByteBuffer.allocate(HEADER + stored * words * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(VERSION)
                .putInt(units)
                .putInt(positions)
                .putLong(samples)
                .put((byte) stored);
        LongBuffer longs = out.asLongBuffer();
        for (int plane = 0; plane < stored; plane++) {
            for (CounterTile tile : tiles) {
                tile.write(plane, longs);
            }
        }
        return out.array();
    }

    private void grow(long added) {
        if (samples + added > MAX_SAMPLES) {
            throw new IllegalStateException("more than " + MAX_SAMPLES + " samples in one state: use shorter panes");
        }
        samples += added;
    }

    private static int bitLength(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }
}
