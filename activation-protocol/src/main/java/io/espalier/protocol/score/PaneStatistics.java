package io.espalier.protocol.score;

import io.espalier.protocol.batch.ActivationBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * All that is kept of one shard in one pane: exact overlap counters, and per unit the sum of the raw activations and of
 * their squares (floating point: order may show in their last bits; no score is computed from them).
 *
 * <p>Live and mutable; {@link #toBytes} is its state: version (1 byte), length of the counters (4, little-endian),
 * counters, sums, squares.
 */
public final class PaneStatistics {
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + 4;

    private final OverlapCounters counters;
    private final double[] sums;
    private final double[] squares;

    private PaneStatistics(OverlapCounters counters) {
        this.counters = counters;
        this.sums = new double[counters.units()];
        this.squares = new double[counters.units()];
    }

    /** Statistics of no samples. */
    public static PaneStatistics create(int units, int positions) {
        return new PaneStatistics(OverlapCounters.create(units, positions));
    }

    /** Reads {@link #toBytes}; throws {@link IllegalArgumentException} on bytes that no statistics have written. */
    public static PaneStatistics fromBytes(byte[] state) {
        if (state.length < HEADER || state[0] != VERSION) {
            throw new IllegalArgumentException("not the state of pane statistics of version " + VERSION);
        }
        ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).position(1);
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("the state of pane statistics is damaged: " + length
                    + " bytes of counters" + " in " + state.length);
        }
        PaneStatistics pane =
                new PaneStatistics(OverlapCounters.fromBytes(Arrays.copyOfRange(state, HEADER, HEADER + length)));
        in.position(HEADER + length);
        if (in.remaining() != 2L * pane.counters.units() * Double.BYTES) {
            throw new IllegalArgumentException("the state of pane statistics is damaged: " + in.remaining()
                    + " bytes of sums for " + pane.counters.units() + " units");
        }
        in.asDoubleBuffer().get(pane.sums).get(pane.squares);
        return pane;
    }

    /** Adds a batch that {@code ActivationBatchCodec} has let through and that {@linkplain #fits fits}. */
    public void add(ActivationBatch batch) {
        counters.add(batch.getCodes().toByteArray(), batch.getSamples());
        for (int unit = 0; unit < sums.length; unit++) {
            sums[unit] += batch.getSums(unit);
            squares[unit] += batch.getSquares(unit);
        }
    }

    /** Whether a batch has the units and positions of these statistics. */
    public boolean fits(ActivationBatch batch) {
        return batch.getUnits() == counters.units() && batch.getPositions() == counters.positions();
    }

    public OverlapCounters counters() {
        return counters;
    }

    /** Sum of the raw activations of a unit over all samples and positions. */
    public double sum(int unit) {
        return sums[unit];
    }

    /** Sum of the squared raw activations of a unit over all samples and positions. */
    public double squares(int unit) {
        return squares[unit];
    }

    public byte[] toBytes() {
        byte[] state = counters.toBytes();
        ByteBuffer out = ByteBuffer.allocate(HEADER + state.length + 2 * sums.length * Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(VERSION)
                .putInt(state.length)
                .put(state);
        out.asDoubleBuffer().put(sums).put(squares);
        return out.array();
    }
}
