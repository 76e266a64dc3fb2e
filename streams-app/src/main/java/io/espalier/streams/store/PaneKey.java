package io.espalier.streams.store;

import io.espalier.protocol.ShardKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * A pane of a shard, as a key whose bytes sort by shard and then by time: UTF-8 of the shard key, a zero byte (which no
 * name contains), then the start in milliseconds, big-endian with the sign bit flipped.
 */
record PaneKey(ShardKey shard, long startMs) {
    Bytes toBytes() {
        byte[] name = shard.toString().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(name.length + 1 + Long.BYTES)
                .put(name)
                .put((byte) 0)
                .putLong(startMs ^ Long.MIN_VALUE)
                .array());
    }

    static PaneKey parse(Bytes key) {
        ByteBuffer in = ByteBuffer.wrap(key.get());
        int name = in.remaining() - 1 - Long.BYTES;
        return new PaneKey(
                ShardKey.parse(new String(key.get(), 0, name, StandardCharsets.UTF_8)),
                in.getLong(name + 1) ^ Long.MIN_VALUE);
    }

    static PaneKey first(ShardKey shard) {
        return new PaneKey(shard, Long.MIN_VALUE);
    }

    static PaneKey last(ShardKey shard) {
        return new PaneKey(shard, Long.MAX_VALUE);
    }
}
