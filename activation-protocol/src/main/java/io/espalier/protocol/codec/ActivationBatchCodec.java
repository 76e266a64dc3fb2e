package io.espalier.protocol.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.protocol.batch.ActivationBatch;

/** Batches with accessors for everything; refuses what {@link PackedBatchCodec} refuses. */
final class ActivationBatchCodec implements Codec<ActivationBatch> {
    @Override
    public byte[] encode(ActivationBatch batch) {
        return batch.toByteArray();
    }

    @Override
    public ActivationBatch decode(byte[] bytes) {
        PackedBatchCodec.decode(bytes);
        try {
            return ActivationBatch.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedRecordException("not an activation batch: " + e.getMessage(), e);
        }
    }
}
