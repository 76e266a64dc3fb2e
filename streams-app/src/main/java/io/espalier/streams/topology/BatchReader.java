package io.espalier.streams.topology;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.PackedBatch;
import io.espalier.protocol.codec.PackedBatchCodec;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.score.StateSize;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.deadletter.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads a record of the activations topic, and refuses what could not be counted, stored or published. */
final class BatchReader {
    /** All that a record says of a unit, as JSON numbers at their longest. */
    private static final long JSON_BYTES_PER_UNIT = 14 * 26;

    private static final long OVERHEAD_BYTES = 4096;

    private final int maxMessageBytes;

    BatchReader(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    PackedBatch read(byte[] key, byte[] value) throws RefusedException {
        PackedBatch batch = decode(value);
        ShardKey shard = batch.shard();
        if (key == null || !Arrays.equals(key, shard.toString().getBytes(StandardCharsets.UTF_8))) {
            throw new RefusedException(Reason.KEY_MISMATCH, "the key is not '" + shard + "', which the batch is of");
        }
        requireStorable(batch, shard);
        return batch;
    }

    private static PackedBatch decode(byte[] value) throws RefusedException {
        if (value == null) {
            throw new RefusedException(Reason.UNDECODABLE, "the record has no value");
        }
        try {
            return PackedBatchCodec.decode(value);
        } catch (RefusedRecordException e) {
            throw new RefusedException(Reason.UNDECODABLE, e.getMessage());
        }
    }

    /** Better one refused shard than a changelog record that no broker takes and a thread that dies of it for ever. */
    private void requireStorable(PackedBatch batch, ShardKey shard) throws RefusedException {
        long state = StateSize.pane(
                        batch.units(), batch.positions(), batch.products().remaining())
                + OVERHEAD_BYTES;
        long score = JSON_BYTES_PER_UNIT * batch.units() + OVERHEAD_BYTES;
        if (Math.max(state, score) > maxMessageBytes) {
            throw new RefusedException(
                    Reason.OTHER,
                    "shard '" + shard + "' may take " + Math.max(state, score) + " bytes in one record, over "
                            + maxMessageBytes + ": publish smaller shards or raise espalier.topics.max-message-bytes");
        }
    }
}
