package io.espalier.protocol.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.PackedBatch;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.ProductSums;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;

/** Reads batches to be counted, and refuses every one that could not be, so that nothing behind it has to ask again. */
public final class PackedBatchCodec {
    private PackedBatchCodec() {}

    /**
     * Reads a value of the activations topic, which the batch then refers to.
     *
     * @throws RefusedRecordException when it is no batch, or none that could be counted
     */
    public static PackedBatch decode(byte[] bytes) {
        try {
            return check(BatchFields.of(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedRecordException("not an activation batch: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new RefusedRecordException(e.getMessage(), e);
        }
    }

    private static PackedBatch check(BatchFields batch) {
        // Unsigned on the wire: what does not fit an int reads as negative here, and is refused as such.
        ShardKey shard = new ShardKey(batch.model, batch.version, batch.capturePoint, batch.firstUnit);
        int units = batch.units;
        int positions = batch.positions;
        int samples = batch.samples;
        if (units <= 0
                || positions <= 0
                || positions > OverlapCounters.MAX_POSITIONS
                || (long) units * positions > OverlapCounters.MAX_BITS) {
            throw refused(units + " units of " + positions + " positions cannot be counted");
        }
        if (samples <= 0) {
            throw refused(samples + " samples");
        }
        int words = OverlapCounters.wordsPerSample(units, positions);
        int bytes = batch.codes.remaining();
        if (bytes != (long) samples * words * Long.BYTES) {
            throw refused(bytes + " bytes of codes for " + samples + " samples of " + words + " words");
        }
        if (!noStrayBits(batch.codes, units * positions, words)) {
            throw refused("bits set past units * positions");
        }
        DoubleBuffer sums = batch.sums();
        DoubleBuffer squares = batch.squares();
        DoubleBuffer products = batch.products();
        requireFinite("sums", units, units, sums);
        requireFinite("squares", units, units, squares);
        if (products.hasRemaining()) {
            if (units > ProductSums.MAX_PUBLISHED_UNITS) {
                throw refused("products of " + units + " units");
            }
            requireFinite("products", units, ProductSums.size(units), products);
        }
        return new PackedBatch(
                shard,
                units,
                positions,
                samples,
                batch.codes,
                sums,
                squares,
                products,
                batch.publisher,
                batch.sequence);
    }

    private static boolean noStrayBits(ByteBuffer codes, int bits, int words) {
        int sampleBytes = words * Long.BYTES;
        for (int sample = 0; sample < codes.limit(); sample += sampleBytes) {
            for (int index = bits >>> 3; index < sampleBytes; index++) {
                int used = Math.max(0, bits - index * 8);
                if ((codes.get(sample + index) & 0xFF) >>> used != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void requireFinite(String field, int units, int expected, DoubleBuffer values) {
        if (values.remaining() != expected) {
            throw refused(values.remaining() + " " + field + " for " + units + " units");
        }
        for (int i = 0; i < expected; i++) {
            if (!Double.isFinite(values.get(i))) {
                throw refused(field + " that are not finite");
            }
        }
    }

    private static RefusedRecordException refused(String what) {
        return new RefusedRecordException("activation batch with " + what);
    }
}
