package io.espalier.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.runtime.FloatTensor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;

/** A client of the Open Inference Protocol that shares no code with the server. */
final class InferenceClient {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String server;

    InferenceClient(int port) {
        server = "http://127.0.0.1:" + port;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server + path)).POST(body).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> infer(String body) throws IOException, InterruptedException {
        return post("/v2/models/residual/infer", HttpRequest.BodyPublishers.ofString(body));
    }

    JsonNode json(String text) throws IOException {
        return json.readTree(text);
    }

    /** The one output of the residual network; fails when the answer is an error. */
    FloatTensor infer(FloatTensor x) throws IOException, InterruptedException {
        HttpResponse<String> response = infer(body(x));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        JsonNode output = json(response.body()).get("outputs").get(0);
        return new FloatTensor(
                json.convertValue(output.get("shape"), long[].class),
                json.convertValue(output.get("data"), float[].class));
    }

    static String body(FloatTensor x) {
        return "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": " + Arrays.toString(x.shape())
                + ", \"data\": " + Arrays.toString(x.data()) + "}]}";
    }
}
