package io.espalier.streams.deadletter;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Refuses what is too large for its topic while it can still be left out. Once a producer was handed such a record, its
 * transaction cannot be committed any more, and all that was read would be read, and would fail, again.
 *
 * <p>For topics that others read; a record of a changelog can never be left out.
 *
 * @param <T> what is written
 */
public final class BoundedSerializer<T> implements Serializer<T> {
    /** More than a key, and Kafka's framing. */
    private static final int OVERHEAD_BYTES = 4 * 1024;

    private final Serializer<T> serializer;
    private final int maxBytes;

    /** {@code maxBytes}: the largest record that the topic takes. */
    public BoundedSerializer(Serializer<T> serializer, int maxBytes) {
        this.serializer = serializer;
        this.maxBytes = maxBytes - OVERHEAD_BYTES;
    }

    @Override
    public byte[] serialize(String topic, T value) {
        return bounded(topic, serializer.serialize(topic, value));
    }

    @Override
    public byte[] serialize(String topic, Headers headers, T value) {
        return bounded(topic, serializer.serialize(topic, headers, value));
    }

    @Override
    public void close() {
        serializer.close();
    }

    private byte[] bounded(String topic, byte[] value) {
        if (value != null && value.length > maxBytes) {
            throw new OversizedException(topic, value, maxBytes);
        }
        return value;
    }
}
