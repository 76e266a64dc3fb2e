package io.espalier.sidecar.http;

import static io.espalier.sidecar.http.RejectedRequestException.badRequest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.espalier.protocol.Datatype;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads an inference request of the protocol from JSON. Fields it does not know, {@code parameters} among them, are
 * passed over. Safe for use by several threads.
 */
final class RequestReader {
    private static final int MAX_DIMENSIONS = 16;

    // Most of a request is numbers, and the JDK's own way to read them takes twice as long.
    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    /** Throws {@link RejectedRequestException} when it is no such request. */
    InferenceRequest read(byte[] body) {
        try (JsonParser parser = json.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw badRequest("the body is no JSON object: give {\"inputs\": [...]}");
            }
            InferenceRequest request = readRequest(parser, body);
            if (parser.nextToken() != null) {
                throw badRequest("the body goes on after its JSON object");
            }
            return request;
        } catch (JsonProcessingException e) {
            throw badRequest("the body is no JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw badRequest("the body cannot be read: " + e.getMessage());
        }
    }

    private InferenceRequest readRequest(JsonParser parser, byte[] body) throws IOException {
        String id = null;
        List<InferenceRequest.Input> inputs = List.of();
        List<String> outputs = List.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = text(parser, "id");
                case "inputs" -> inputs = list(parser, "inputs", input -> readInput(input, body));
                case "outputs" -> outputs = list(parser, "outputs", RequestReader::readOutput);
                default -> parser.skipChildren();
            }
        }
        return new InferenceRequest(id, inputs, outputs);
    }

    private InferenceRequest.Input readInput(JsonParser parser, byte[] body) throws IOException {
        String name = null;
        Datatype datatype = null;
        long[] shape = null;
        TensorData data = null;
        long skipped = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> name = text(parser, "name of an input");
                case "datatype" -> datatype = datatype(text(parser, "datatype of an input"));
                case "shape" -> shape = shape(parser);
                case "data" -> {
                    if (name == null || datatype == null) {
                        // What the numbers are is said later: they are read then.
                        require(parser.currentToken() == JsonToken.START_ARRAY, "data of an input is not an array");
                        skipped = parser.currentTokenLocation().getByteOffset();
                        parser.skipChildren();
                    } else {
                        data = TensorData.read(parser, name, datatype);
                    }
                }
                default -> parser.skipChildren();
            }
        }
        require(name != null, "an input has no name");
        require(datatype != null, "input '" + name + "' has no datatype");
        require(shape != null, "input '" + name + "' has no shape");
        if (data == null && skipped >= 0) {
            data = readAt(body, Math.toIntExact(skipped), name, datatype);
        }
        require(data != null, "input '" + name + "' has no data");
        return new InferenceRequest.Input(name, data.of(shape));
    }

    private TensorData readAt(byte[] body, int offset, String name, Datatype datatype) throws IOException {
        try (JsonParser parser = json.createParser(body, offset, body.length - offset)) {
            parser.nextToken();
            return TensorData.read(parser, name, datatype);
        }
    }

    private static Datatype datatype(String name) {
        return Datatype.named(name)
                .orElseThrow(() -> badRequest("datatype '" + name + "' is not taken here, but "
                        + Arrays.stream(Datatype.values()).map(Datatype::name).collect(Collectors.joining(", "))
                        + " are"));
    }

    private static String readOutput(JsonParser parser) throws IOException {
        String name = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("name")) {
                name = text(parser, "name of an output");
            } else {
                parser.skipChildren();
            }
        }
        require(name != null, "an output has no name");
        return name;
    }

    private static long[] shape(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, "a shape is not an array");
        long[] shape = new long[MAX_DIMENSIONS];
        int dimensions = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            require(token == JsonToken.VALUE_NUMBER_INT, "a shape holds what is no whole number");
            require(dimensions < MAX_DIMENSIONS, "a shape has more than " + MAX_DIMENSIONS + " dimensions");
            shape[dimensions++] = parser.getLongValue();
        }
        return Arrays.copyOf(shape, dimensions);
    }

    private interface ItemReader<T> {
        T read(JsonParser parser) throws IOException;
    }

    private static <T> List<T> list(JsonParser parser, String field, ItemReader<T> item) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, "'" + field + "' is not an array");
        List<T> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            require(token == JsonToken.START_OBJECT, "'" + field + "' holds what is no object");
            items.add(item.read(parser));
        }
        return items;
    }

    private static String text(JsonParser parser, String what) throws IOException {
        require(parser.currentToken() == JsonToken.VALUE_STRING, "the " + what + " is not a string");
        return parser.getText();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw badRequest(otherwise);
        }
    }
}
