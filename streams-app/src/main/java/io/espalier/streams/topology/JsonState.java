package io.espalier.streams.topology;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes of records that only our own changelogs hold, as JSON. */
final class JsonState {
    private JsonState() {}

    static <T> Serde<T> serde(Class<T> type) {
        JsonMapper mapper = Json.mapper();
        return Serdes.serdeFrom((topic, state) -> write(mapper, state), (topic, bytes) -> read(mapper, bytes, type));
    }

    private static byte[] write(JsonMapper mapper, Object state) {
        try {
            return state == null ? null : mapper.writeValueAsBytes(state);
        } catch (IOException e) {
            throw new UncheckedIOException(state.getClass().getSimpleName(), e);
        }
    }

    private static <T> T read(JsonMapper mapper, byte[] bytes, Class<T> type) {
        try {
            return bytes == null ? null : mapper.readValue(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(type.getSimpleName(), e);
        }
    }
}
