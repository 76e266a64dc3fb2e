package io.espalier.streams.topology;

import io.espalier.protocol.codec.Codec;
import io.espalier.streams.deadletter.BoundedSerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes of our records. */
final class CodecSerdes {
    private CodecSerdes() {}

    static <T> Serde<T> of(Codec<T> codec) {
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : codec.encode(value),
                (topic, bytes) -> bytes == null ? null : codec.decode(bytes));
    }

    /** For a topic that others read, and that takes records of {@code maxBytes} at most; larger ones are dead letters. */
    static <T> Serde<T> ofOutput(Codec<T> codec, int maxBytes) {
        Serde<T> serde = of(codec);
        return Serdes.serdeFrom(new BoundedSerializer<>(serde.serializer(), maxBytes), serde.deserializer());
    }
}
