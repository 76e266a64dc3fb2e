package io.espalier.protocol.score;

import io.espalier.protocol.batch.ActivationBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * All that is kept of one shard in one pane: exact overlap counters, and per unit the sum of the raw activations and of
 * their squares (floating point: order may show in their last bits; the score is not computed from them). Products of
 * units are kept while all of the pane's batches bring them, so that they are always of the same samples as the rest.
 *
 * <p>Live and mutable; {@link #toBytes} is its state: version (1 byte), length of the counters (4, little-endian),
 * counters, sums, squares. With products it is of version 2, and their triangle follows.
 */
public final class PaneStatistics {
    /** Samples that a pane has room for: a count then fits 16 bits. */
    public static final int MAX_SAMPLES = (1 << 16) - 1;

    private static final byte VERSION = 1;
    private static final byte WITH_PRODUCTS = 2;
    private static final int HEADER = 1 + 4;

    private final OverlapCounters counters;
    private final double[] sums;
    private final double[] squares;
    private Optional<ProductSums> products = Optional.empty();

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
        if (state.length < HEADER || (state[0] != VERSION && state[0] != WITH_PRODUCTS)) {
            throw new IllegalArgumentException(
                    "not the state of pane statistics of version " + VERSION + " or " + WITH_PRODUCTS);
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
        int units = pane.counters.units();
        long triangle = state[0] == WITH_PRODUCTS ? units * (units + 1L) / 2 : 0;
        if (in.remaining() != (2L * units + triangle) * Double.BYTES) {
            throw new IllegalArgumentException("the state of pane statistics is damaged: " + in.remaining()
                    + " bytes of sums for " + units + " units");
        }
        DoubleBuffer numbers = in.asDoubleBuffer().get(pane.sums).get(pane.squares);
        if (state[0] == WITH_PRODUCTS) {
            pane.products = Optional.of(new ProductSums(units));
            pane.products.get().add(i -> numbers.get());
        }
        return pane;
    }

    /** Adds a batch that {@code ActivationBatchCodec} has let through and that {@linkplain #fits fits}. */
    public void add(ActivationBatch batch) {
        addProducts(batch);
        counters.add(batch.getCodes().toByteArray(), batch.getSamples());
        for (int unit = 0; unit < sums.length; unit++) {
            sums[unit] += batch.getSums(unit);
            squares[unit] += batch.getSquares(unit);
        }
    }

    /** Once a batch came without, those of the others are of other samples than the sums, and of no use. */
    private void addProducts(ActivationBatch batch) {
        if (batch.getProductsCount() == 0) {
            products = Optional.empty();
        } else if (counters.samples() == 0) {
            products = Optional.of(new ProductSums(counters.units()));
        }
        products.ifPresent(sums -> sums.add(batch::getProducts));
    }

    /** Whether so many samples can still be added. */
    public boolean hasRoomFor(int samples) {
        return counters.samples() + samples <= MAX_SAMPLES;
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

    /** Of all samples of the pane; empty when some came without. */
    public Optional<ProductSums> products() {
        return products;
    }

    public byte[] toBytes() {
        byte[] state = counters.toBytes();
        double[] triangle = products.map(ProductSums::triangle).orElse(new double[0]);
        int numbers = Math.addExact(2 * sums.length, triangle.length);
        ByteBuffer out = ByteBuffer.allocate(HEADER + state.length + Math.multiplyExact(numbers, Double.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(products.isPresent() ? WITH_PRODUCTS : VERSION)
                .putInt(state.length)
                .put(state);
        out.asDoubleBuffer().put(sums).put(squares).put(triangle);
        return out.array();
    }
}
