package io.espalier.protocol.score;

import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.batch.PackedBatch;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * All that is kept of one shard in one pane: exact overlap counters, and per unit the sum of the raw activations and of
 * their squares (floating point: order may show in their last bits; the score is not computed from them). Products of
 * units are kept while all of the pane's batches bring them, so that they are always of the same samples as the rest.
 *
 * Codes of some of the samples are kept beside them.
 *
 * <p>Live and mutable; its bytes are a {@link PaneState}.
 */
public final class PaneStatistics {
    /** Samples that a pane has room for: a count then fits 16 bits. */
    public static final int MAX_SAMPLES = (1 << 16) - 1;

    private final OverlapCounters counters;
    private final double[] sums;
    private final double[] squares;
    private final CodeSample codes;
    private Optional<ProductSums> products;

    PaneStatistics(
            OverlapCounters counters,
            double[] sums,
            double[] squares,
            Optional<ProductSums> products,
            CodeSample codes) {
        this.counters = counters;
        this.sums = sums;
        this.squares = squares;
        this.products = products;
        this.codes = codes;
    }

    /** Statistics of no samples. */
    public static PaneStatistics create(int units, int positions) {
        return new PaneStatistics(
                OverlapCounters.create(units, positions),
                new double[units],
                new double[units],
                Optional.empty(),
                new CodeSample(OverlapCounters.wordsPerSample(units, positions)));
    }

    /** Reads {@link #toBytes}; throws {@link IllegalArgumentException} on bytes that no statistics have written. */
    public static PaneStatistics fromBytes(byte[] state) {
        return PaneState.read(state);
    }

    /** All samples of some panes of equal units and positions, at least one; they stay as they are. */
    static PaneStatistics merged(Collection<PaneStatistics> panes) {
        OverlapCounters shape = panes.iterator().next().counters;
        PaneStatistics all = create(shape.units(), shape.positions());
        panes.stream().filter(pane -> pane.counters.samples() > 0).forEach(all::merge);
        return all;
    }

    private void merge(PaneStatistics other) {
        if (other.products.isEmpty()) {
            products = Optional.empty();
        } else if (counters.samples() == 0) {
            products = Optional.of(new ProductSums(counters.units()));
        }
        products.ifPresent(sums -> sums.merge(other.products.orElseThrow()));
        counters.merge(other.counters);
        for (int unit = 0; unit < sums.length; unit++) {
            sums[unit] += other.sums[unit];
            squares[unit] += other.squares[unit];
        }
    }

    /** Adds a batch that {@code PackedBatchCodec} has let through and that {@linkplain #fits fits}. */
    public void add(PackedBatch batch) {
        DoubleBuffer triangle = batch.products();
        addProducts(triangle.hasRemaining(), triangle::get);
        counters.add(batch.codes(), batch.samples());
        codes.add(batch.publisher(), batch.sequence(), batch.codes(), batch.samples());
        for (int unit = 0; unit < sums.length; unit++) {
            sums[unit] += batch.sums().get(unit);
            squares[unit] += batch.squares().get(unit);
        }
    }

    /** Adds a batch as {@link #add(PackedBatch)} does. */
    public void add(ActivationBatch batch) {
        addProducts(batch.getProductsCount() > 0, batch::getProducts);
        ByteBuffer bits = batch.getCodes().asReadOnlyByteBuffer();
        counters.add(bits, batch.getSamples());
        codes.add(batch.getPublisher(), batch.getSequence(), bits, batch.getSamples());
        for (int unit = 0; unit < sums.length; unit++) {
            sums[unit] += batch.getSums(unit);
            squares[unit] += batch.getSquares(unit);
        }
    }

    /** Once a batch came without, those of the others are of other samples than the sums, and of no use. */
    private void addProducts(boolean brought, IntToDoubleFunction triangle) {
        if (!brought) {
            products = Optional.empty();
        } else if (counters.samples() == 0) {
            products = Optional.of(new ProductSums(counters.units()));
        }
        products.ifPresent(sums -> sums.add(triangle));
    }

    /** Whether so many samples can still be added. */
    public boolean hasRoomFor(int samples) {
        return counters.samples() + samples <= MAX_SAMPLES;
    }

    /** Whether a batch has the units and positions of these statistics. */
    public boolean fits(PackedBatch batch) {
        return batch.units() == counters.units() && batch.positions() == counters.positions();
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

    /** Of some samples of the pane. */
    CodeSample codes() {
        return codes;
    }

    public byte[] toBytes() {
        return PaneState.write(this);
    }

    double[] sums() {
        return sums;
    }

    double[] squares() {
        return squares;
    }
}
