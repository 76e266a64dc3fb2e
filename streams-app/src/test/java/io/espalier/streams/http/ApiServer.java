package io.espalier.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.protocol.codec.Json;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.HostInfo;

/** The API on a port of this machine, over models and instances that a test knows. */
final class ApiServer implements AutoCloseable {
    final KnownModels models = new KnownModels();
    final KnownInstances instances = new KnownInstances();
    final HostInfo address;

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpApi api;

    private ApiServer(Duration peerTimeout, Consumer<RoutesConfig> endpoints) {
        api = new HttpApi(new Well(), () -> "# no metrics\n", (json, routes) -> {
            new ModelRoutes(models, instances, json, peerTimeout).register(routes);
            endpoints.accept(routes);
        });
        address = new HostInfo("127.0.0.1", api.start("127.0.0.1", 0));
        instances.self = address;
    }

    static ApiServer start() {
        return with(routes -> {});
    }

    static ApiServer withPatience(Duration peerTimeout) {
        return new ApiServer(peerTimeout, routes -> {});
    }

    /** With endpoints more than there are. */
    static ApiServer with(Consumer<RoutesConfig> endpoints) {
        return new ApiServer(Duration.ofSeconds(2), endpoints);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(), path);
    }

    HttpResponse<String> send(HttpRequest.Builder request, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + address.host() + ":" + address.port() + path);
        return client.send(request.uri(uri).build(), BodyHandlers.ofString());
    }

    /** The status, once there is one. */
    CompletableFuture<Integer> sendAsync(String path) {
        URI uri = URI.create("http://" + address.host() + ":" + address.port() + path);
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .thenApply(HttpResponse::statusCode);
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(start(answer)).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    /** The one line of an answer that is an error. */
    static String error(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(start(answer)).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        return Json.mapper().readTree(answer.body()).get("error").asText();
    }

    private static String start(HttpResponse<String> answer) {
        return answer.body().substring(0, Math.min(answer.body().length(), 500));
    }

    /** Where the link to the next page leads. */
    static Optional<String> next(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Link")
                .map(link -> link.substring(link.indexOf('<') + 1, link.indexOf('>')));
    }

    @Override
    public void close() {
        api.close();
    }

    private static final class Well implements Health {
        @Override
        public Optional<String> dead() {
            return Optional.empty();
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    }
}
