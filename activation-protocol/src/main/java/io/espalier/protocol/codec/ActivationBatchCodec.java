package io.espalier.protocol.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.ProductSums;
import java.util.List;

/** Refuses every batch that could not be counted, so that nothing behind it has to ask again. */
final class ActivationBatchCodec implements Codec<ActivationBatch> {
    @Override
    public byte[] encode(ActivationBatch batch) {
        return batch.toByteArray();
    }

    @Override
    public ActivationBatch decode(byte[] bytes) {
        try {
            ActivationBatch batch = ActivationBatch.parseFrom(bytes);
            check(batch);
            return batch;
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedRecordException("not an activation batch: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new RefusedRecordException(e.getMessage(), e);
        }
    }

    private static void check(ActivationBatch batch) {
        // Unsigned on the wire: what does not fit an int reads as negative here, and is refused as such.
        new ShardKey(batch.getModel(), batch.getVersion(), batch.getCapturePoint(), batch.getFirstUnit());
        int units = batch.getUnits();
        int positions = batch.getPositions();
        require(
                units > 0
                        && positions > 0
                        && positions <= OverlapCounters.MAX_POSITIONS
                        && (long) units * positions <= OverlapCounters.MAX_BITS,
                units + " units of " + positions + " positions cannot be counted");
        require(batch.getSamples() > 0, batch.getSamples() + " samples");
        int words = OverlapCounters.wordsPerSample(units, positions);
        ByteString codes = batch.getCodes();
        require(
                codes.size() == (long) batch.getSamples() * words * Long.BYTES,
                codes.size() + " bytes of codes for " + batch.getSamples() + " samples of " + words + " words");
        require(noStrayBits(codes, units * positions, words), "bits set past units * positions");
        requireFinite("sums", batch.getSumsList(), units);
        requireFinite("squares", batch.getSquaresList(), units);
        if (batch.getProductsCount() > 0) {
            require(units <= ProductSums.MAX_PUBLISHED_UNITS, "products of " + units + " units");
            requireFinite("products", batch.getProductsList(), units, ProductSums.size(units));
        }
    }

    private static boolean noStrayBits(ByteString codes, int bits, int words) {
        int sampleBytes = words * Long.BYTES;
        for (int sample = 0; sample < codes.size(); sample += sampleBytes) {
            for (int index = bits >>> 3; index < sampleBytes; index++) {
                int used = Math.max(0, bits - index * 8);
                if ((codes.byteAt(sample + index) & 0xFF) >>> used != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void requireFinite(String field, List<Double> values, int units) {
        requireFinite(field, values, units, units);
    }

    private static void requireFinite(String field, List<Double> values, int units, int count) {
        require(values.size() == count, values.size() + " " + field + " for " + units + " units");
        require(values.stream().allMatch(Double::isFinite), field + " that are not finite");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new RefusedRecordException("activation batch with " + otherwise);
        }
    }
}
