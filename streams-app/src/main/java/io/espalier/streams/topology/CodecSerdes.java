package io.espalier.streams.topology;

import io.espalier.protocol.codec.Codec;
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
}
