package io.espalier.streams.topology;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Where planning stands for a version of a model.
 *
 * @param basis what the recommendation was made for: a hash of descriptor and policy; missing with it
 * @param recommendation the last one published, or missing
 * @param publishedAtMs when, in milliseconds since the epoch; 0 with none
 * @param readiness what the planner had, or still lacks
 */
public record PlanState(String basis, Recommendation recommendation, long publishedAtMs, Readiness readiness) {
    static Serde<PlanState> serde() {
        JsonMapper mapper = Json.mapper();
        return Serdes.serdeFrom((topic, state) -> write(mapper, state), (topic, bytes) -> read(mapper, bytes));
    }

    static PlanState silent(Readiness readiness) {
        return new PlanState(null, null, 0, readiness);
    }

    PlanState with(Readiness changed) {
        return new PlanState(basis, recommendation, publishedAtMs, changed);
    }

    private static byte[] write(JsonMapper mapper, PlanState state) {
        try {
            return state == null ? null : mapper.writeValueAsBytes(state);
        } catch (IOException e) {
            throw new UncheckedIOException("plan state", e);
        }
    }

    private static PlanState read(JsonMapper mapper, byte[] bytes) {
        try {
            return bytes == null ? null : mapper.readValue(bytes, PlanState.class);
        } catch (IOException e) {
            throw new UncheckedIOException("plan state", e);
        }
    }
}
