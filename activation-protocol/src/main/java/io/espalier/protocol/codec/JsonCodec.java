package io.espalier.protocol.codec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * A record as a JSON object with a {@code schema} number beside its fields. Fields are added within a number; what a
 * reader of the number would misunderstand raises it, and is refused by that reader.
 */
final class JsonCodec<T> implements Codec<T> {
    private static final String SCHEMA_FIELD = "schema";
    private static final int SCHEMA = 1;

    private final JsonMapper mapper = Json.mapper();
    private final Class<T> type;

    JsonCodec(Class<T> type) {
        this.type = type;
    }

    @Override
    public byte[] encode(T value) {
        try {
            return mapper.writeValueAsBytes(new Numbered<>(SCHEMA, value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public T decode(byte[] bytes) {
        try {
            JsonNode node = mapper.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw new RefusedRecordException("not a JSON object");
            }
            // A policy is written by hand: there the number may be left out.
            int schema = node.path(SCHEMA_FIELD).asInt(SCHEMA);
            if (schema != SCHEMA) {
                throw new RefusedRecordException(
                        "schema " + schema + " is not understood here, only " + SCHEMA + ": upgrade this reader");
            }
            return mapper.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new RefusedRecordException(type.getSimpleName() + ": " + rootMessage(e), e);
        } catch (IOException e) {
            throw new RefusedRecordException("not JSON: " + e.getMessage(), e);
        }
    }

    private static String rootMessage(JsonProcessingException e) {
        // A constructor's complaint is the cause, and says more than Jackson's wrapping of it.
        Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : null;
        String message = cause == null ? e.getOriginalMessage() : cause.getMessage();
        return message.lines().findFirst().orElse("");
    }

    /** As it is written: the number, and the fields beside it. Without a tree between, which costs a quarter more. */
    @JsonPropertyOrder(SCHEMA_FIELD)
    private record Numbered<T>(
            @JsonProperty(SCHEMA_FIELD) int schema,
            @JsonUnwrapped T fields) {}
}
