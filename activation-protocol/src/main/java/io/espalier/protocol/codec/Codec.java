package io.espalier.protocol.codec;

/**
 * Turns records into bytes and back. Knows nothing of Kafka: {@code Serdes.serdeFrom((topic, value) -> encode(value),
 * (topic, bytes) -> decode(bytes))} makes it a serde.
 */
public interface Codec<T> {
    byte[] encode(T value);

    /**
     * Reads bytes that {@link #encode} of this or a newer version may have written.
     *
     * @throws RefusedRecordException when they are no such bytes, or say what cannot be meant
     */
    T decode(byte[] bytes);
}
