package io.espalier.protocol.batch;

import io.espalier.protocol.ShardKey;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;

/**
 * An {@link ActivationBatch} whose codes and numbers stay where they lie in its record: a batch has thousands of them, and
 * each is read once. What it refers to must not be changed.
 *
 * @param units of the shard
 * @param positions per unit
 * @param samples in the batch
 * @param codes little-endian, from 0 on, samples times words of a sample
 * @param sums of the raw activations, from 0 on, one a unit
 * @param squares sums of the squared raw activations, as {@code sums}
 * @param products triangle of the sums of products of two units, or empty
 * @param publisher who sent it
 * @param sequence how many batches the publisher had sent for the shard before
 */
public record PackedBatch(
        ShardKey shard,
        int units,
        int positions,
        int samples,
        ByteBuffer codes,
        DoubleBuffer sums,
        DoubleBuffer squares,
        DoubleBuffer products,
        String publisher,
        long sequence) {}
