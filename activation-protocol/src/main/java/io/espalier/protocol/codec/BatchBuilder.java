package io.espalier.protocol.codec;

import com.google.protobuf.UnsafeByteOperations;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.ProductSums;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Packs raw activations of one shard into batches: a bit per position ({@code activation > 0}), sums and squares.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class BatchBuilder {
    /**
     * No message passes this many bytes: half of Kafka's default {@code max.request.size}, so that one batch and its
     * overhead always fit.
     */
    public static final int MAX_MESSAGE_BYTES = 512 * 1024;

    /** What a message has for codes and sums once names and headers have their 4 KiB. */
    private static final long ROOM = MAX_MESSAGE_BYTES - 4096;

    private final ShardKey key;
    private final int units;
    private final int positions;
    private final String publisher;
    private final ByteArrayOutputStream codes = new ByteArrayOutputStream();
    private final byte[] code;
    private final double[] sums;
    private final double[] squares;
    private final Optional<ProductSums> products;
    private int samples;
    private long sequence;

    /**
     * A builder of batches without products.
     *
     * @param key names the shard; its first unit is where {@link #add} starts to read
     * @param publisher unique among the publishers of the model
     */
    public BatchBuilder(ShardKey key, int units, int positions, String publisher) {
        this(key, units, positions, publisher, Optional.empty());
    }

    private BatchBuilder(ShardKey key, int units, int positions, String publisher, Optional<ProductSums> products) {
        this.key = key;
        this.units = units;
        this.positions = positions;
        this.publisher = publisher;
        this.code = new byte[OverlapCounters.wordsPerSample(units, positions) * Long.BYTES];
        this.sums = new double[units];
        this.squares = new double[units];
        this.products = products;
    }

    /** A builder of batches with products, of a whole capture point that {@link #fitsProducts}. */
    public static BatchBuilder withProducts(ShardKey key, int units, int positions, String publisher) {
        return new BatchBuilder(key, units, positions, publisher, Optional.of(new ProductSums(units)));
    }

    /**
     * Whether a batch of all units of a capture point may have products: there are at most
     * {@value ProductSums#MAX_PUBLISHED_UNITS}, and {@code samples} samples fit a message with them.
     */
    public static boolean fitsProducts(int units, int positions, int samples) {
        return units <= ProductSums.MAX_PUBLISHED_UNITS
                && bytes(units, positions, samples) + (long) ProductSums.size(units) * Double.BYTES <= ROOM;
    }

    /**
     * Units per shard such that a batch of {@code samples} stays under {@link #MAX_MESSAGE_BYTES}.
     *
     * @throws IllegalArgumentException when not even one unit fits
     */
    public static int unitsPerShard(int units, int positions, int samples) {
        int fitting = units;
        while (fitting > 0 && bytes(fitting, positions, samples) > ROOM) {
            fitting = fitting == 1 ? 0 : (fitting + 1) / 2;
        }
        if (fitting == 0) {
            throw new IllegalArgumentException("a batch of " + samples + " samples of " + positions
                    + " positions does not fit " + MAX_MESSAGE_BYTES + " bytes: take fewer samples a batch");
        }
        return fitting;
    }

    /** Codes, and 16 bytes a unit for sums and squares. */
    private static long bytes(int units, int positions, int samples) {
        return (long) OverlapCounters.wordsPerSample(units, positions) * Long.BYTES * samples + 16L * units;
    }

    /**
     * Adds one sample.
     *
     * @param values row-major [units of the capture point][positions], from {@code offset} on
     * @param offset where the capture point's unit 0 starts; the shard's own first unit is added to it
     * @return whether it was added: a sample with a value that is not finite is left out whole
     */
    public boolean add(float[] values, int offset) {
        int start = offset + key.firstUnit() * positions;
        int bits = units * positions;
        for (int bit = 0; bit < bits; bit++) {
            if (!Float.isFinite(values[start + bit])) {
                return false;
            }
        }
        Arrays.fill(code, (byte) 0);
        for (int unit = 0, bit = 0; unit < units; unit++) {
            double sum = 0;
            double square = 0;
            for (int position = 0; position < positions; position++, bit++) {
                float value = values[start + bit];
                if (value > 0) {
                    code[bit >>> 3] |= (byte) (1 << (bit & 7));
                }
                sum += value;
                square += (double) value * value;
            }
            sums[unit] += sum;
            squares[unit] += square;
        }
        products.ifPresent(sums -> sums.add(values, start, positions));
        codes.writeBytes(code);
        samples++;
        return true;
    }

    public ShardKey key() {
        return key;
    }

    /** Samples since the last {@link #build}. */
    public int samples() {
        return samples;
    }

    /** The batch of all samples since the last call, of which there must be one at least; starts the next one. */
    public ActivationBatch build() {
        ActivationBatch.Builder batch = ActivationBatch.newBuilder()
                .setModel(key.model())
                .setVersion(key.version())
                .setCapturePoint(key.capturePoint())
                .setFirstUnit(key.firstUnit())
                .setUnits(units)
                .setPositions(positions)
                .setSamples(samples)
                .setCodes(UnsafeByteOperations.unsafeWrap(codes.toByteArray()))
                .setPublisher(publisher)
                .setSequence(sequence++);
        Arrays.stream(sums).forEach(batch::addSums);
        Arrays.stream(squares).forEach(batch::addSquares);
        products.ifPresent(sums -> {
            Arrays.stream(sums.triangle()).forEach(batch::addProducts);
            sums.clear();
        });
        codes.reset();
        Arrays.fill(sums, 0);
        Arrays.fill(squares, 0);
        samples = 0;
        return batch.build();
    }
}
