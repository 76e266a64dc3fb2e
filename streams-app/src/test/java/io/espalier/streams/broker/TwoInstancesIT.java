package io.espalier.streams.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.testing.Models;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two instances of one application that share the models of eight partitions, on a real broker. */
@TestInstance(Lifecycle.PER_CLASS)
final class TwoInstancesIT {
    private static final Logger LOG = LoggerFactory.getLogger(TwoInstancesIT.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final List<String> MODELS =
            IntStream.range(100, 160).mapToObj(index -> "model" + index).toList();

    private final HttpClient http = HttpClient.newHttpClient();
    private Path directory;
    private TestBroker broker;
    private TopicClient client;
    private Installation installation;
    private String groupProtocol = "classic";

    @BeforeAll
    void openBroker(@TempDir Path temporary) {
        directory = temporary;
        broker = TestBroker.embedded(directory.resolve("broker"));
        client = new TopicClient(broker.bootstrapServers());
    }

    @AfterAll
    void closeBroker() {
        client.close();
        broker.close();
    }

    @BeforeEach
    void install() {
        installation = new Installation(broker, directory);
        groupProtocol = "classic";
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void eitherAnswersForAllModelsWhileTheOtherComesAndGoes(String protocol) throws Exception {
        groupProtocol = protocol;
        // While the coordinator of a streams group has not heard of a source topic, Kafka 4.3.1 answers members that
        // have
        // an application.server with an error. One without makes the topics, and waits for them.
        start(0).close();
        int onePort = freePort();
        int otherPort = freePort();
        try (StreamsService one = start(onePort)) {
            register();
            awaitAll(onePort);
            List<String> alone = layers(onePort);
            try (Asking asking = new Asking(onePort)) {
                try (StreamsService other = start(otherPort)) {
                    // The brokers may hand out tasks later than a member runs.
                    await().atMost(LIMIT)
                            .until(() -> new TreeSet<>(owners(onePort))
                                    .containsAll(List.of("127.0.0.1:" + onePort, "127.0.0.1:" + otherPort)));
                    awaitAll(otherPort);
                    asking.untilAllAnswer();
                    LOG.info("{}: {} while models moved to a second instance", protocol, asking);
                    assertThat(layers(onePort)).isEqualTo(alone);
                    assertThat(layers(otherPort)).isEqualTo(alone);
                    assertThat(owners(onePort)).isEqualTo(owners(otherPort));
                    assertThat(new TreeSet<>(owners(onePort)))
                            .containsExactlyInAnyOrder("127.0.0.1:" + onePort, "127.0.0.1:" + otherPort);
                    assertThat(list(onePort)).isEqualTo(MODELS);
                    assertThat(list(otherPort)).isEqualTo(MODELS);
                    assertThat(get(onePort, "/api/models/none/versions").statusCode())
                            .isEqualTo(404);
                    assertThat(other.isRunning()).isTrue();
                }
                asking.untilAllAnswer();
                LOG.info("{}: {} when it had ended as well", protocol, asking);
            }
            assertThat(layers(onePort)).isEqualTo(alone);
            assertThat(list(onePort)).isEqualTo(MODELS);
            await().atMost(LIMIT).until(one::isRunning);
        }
    }

    @Test
    void anInstanceThatIsKilledIsMissedUntilItsModelsAreTakenOver() throws Exception {
        int onePort = freePort();
        int otherPort = freePort();
        Path log = installation.directory.resolve("child.log");
        try (StreamsService one = start(onePort);
                StreamsProcess other = StreamsProcess.start(installation.settingsFile(settings(otherPort)), log)) {
            await().atMost(LIMIT).until(() -> isReady(otherPort));
            register();
            awaitAll(onePort);
            awaitAll(otherPort);
            assertThat(new TreeSet<>(owners(onePort))).hasSize(2);
            other.kill();
            HttpResponse<String> list = get(onePort, "/api/models");
            assertThat(list.statusCode()).isEqualTo(503);
            JsonNode body = Json.mapper().readTree(list.body());
            assertThat(body.get("error").asText()).contains("127.0.0.1:" + otherPort);
            assertThat(body.get("models").size()).isBetween(1, MODELS.size() - 1);
            try (Asking asking = new Asking(onePort)) {
                asking.untilAllAnswer();
                LOG.info("{} until the models were taken over", asking);
                assertThat(asking.unavailable.get()).isPositive();
            }
            assertThat(list(onePort)).isEqualTo(MODELS);
            await().atMost(LIMIT).until(one::isRunning);
        }
    }

    @Test
    void instancesThatCannotReachEachOtherSaySoAndNeverThatAModelIsUnknown() throws Exception {
        try (StreamsService one = start(0);
                StreamsService other = start(0)) {
            register();
            await().atMost(LIMIT).untilAsserted(() -> {
                for (String model : MODELS) {
                    List<Integer> statuses = List.of(
                            get(one.port(), layer(model)).statusCode(),
                            get(other.port(), layer(model)).statusCode());
                    assertThat(statuses).containsExactlyInAnyOrder(200, 503);
                }
            });
            HttpResponse<String> list = get(one.port(), "/api/models");
            assertThat(list.statusCode()).isEqualTo(503);
            assertThat(list.body()).contains("espalier.application.server");
            String refused = MODELS.stream()
                    .map(model -> body(one.port(), layer(model)))
                    .filter(body -> body.contains("error"))
                    .findFirst()
                    .orElseThrow();
            assertThat(refused).contains("espalier.application.server");
        }
    }

    private StreamsService start(int port) {
        StreamsService service = new StreamsService(StreamsSettings.of(settings(port)));
        service.start();
        await().atMost(LIMIT).until(() -> isReady(service.port()));
        return service;
    }

    private Map<String, String> settings(int port) {
        Map<String, String> settings = installation.settings();
        settings.put("espalier.http.port", Integer.toString(port));
        settings.put(
                "espalier.state.dir", installation.stateDir().resolve("" + port).toString());
        settings.put("espalier.topics.partitions", "8");
        settings.put("espalier.group.protocol", groupProtocol);
        return settings;
    }

    private void register() throws Exception {
        for (String model : MODELS) {
            ModelDescriptor descriptor = Models.named(model);
            Expressiveness scores = scores(model);
            client.send(
                    installation.topics.models(),
                    null,
                    descriptor.key().toString().getBytes(UTF_8),
                    Codecs.MODEL_DESCRIPTOR.encode(descriptor));
            client.send(
                    installation.topics.expressiveness(),
                    null,
                    scores.key().toString().getBytes(UTF_8),
                    Codecs.EXPRESSIVENESS.encode(scores));
        }
        client.flush();
    }

    private static Expressiveness scores(String model) {
        double[] values = IntStream.range(0, Models.UNITS)
                .mapToDouble(unit -> model.hashCode() % 1000 / 1000.0)
                .toArray();
        return new Expressiveness(
                model,
                "1",
                Models.POINT,
                0,
                Models.UNITS,
                4,
                new Window(0, 60_000, 1),
                10,
                values,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private void awaitAll(int port) {
        await().atMost(LIMIT)
                .until(() -> MODELS.stream()
                        .allMatch(model -> status(port, layer(model)) == 200
                                && status(port, "/api/models/" + model + "/readiness") == 200));
    }

    private List<String> layers(int port) {
        return MODELS.stream().map(model -> body(port, layer(model))).toList();
    }

    private List<String> owners(int port) throws Exception {
        List<String> owners = new ArrayList<>();
        for (String model : MODELS) {
            owners.add(get(port, layer(model))
                    .headers()
                    .firstValue("Espalier-Instance")
                    .orElse("none"));
        }
        return owners;
    }

    private List<String> list(int port) throws Exception {
        List<String> models = new ArrayList<>();
        Optional<String> page = Optional.of("/api/models?limit=7");
        while (page.isPresent()) {
            HttpResponse<String> answer = get(port, page.get());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            Json.mapper()
                    .readTree(answer.body())
                    .forEach(model -> models.add(model.get("model").asText()));
            page = answer.headers()
                    .firstValue("Link")
                    .map(link -> link.substring(link.indexOf('<') + 1, link.indexOf('>')));
        }
        return models;
    }

    private static String layer(String model) {
        return "/api/models/" + model + "/versions/1/layers/" + Models.POINT;
    }

    private boolean isReady(int port) {
        try {
            return get(port, "/health/ready").statusCode() == 200;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private int status(int port, String path) {
        return answer(port, path).statusCode();
    }

    private String body(int port, String path) {
        return answer(port, path).body();
    }

    private HttpResponse<String> answer(int port, String path) {
        try {
            return get(port, path);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(path, e);
        }
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Asks for every model again and again. Whatever moves, each answer is 200, or 503 with a reason. */
    private final class Asking implements AutoCloseable {
        final AtomicInteger answered = new AtomicInteger();
        final AtomicInteger unavailable = new AtomicInteger();

        private final AtomicInteger cleanRounds = new AtomicInteger();
        private final AtomicBoolean open = new AtomicBoolean(true);
        private final CompletableFuture<Void> asking;

        Asking(int port) {
            asking = CompletableFuture.runAsync(() -> {
                while (open.get()) {
                    int before = unavailable.get();
                    MODELS.forEach(model -> check(answer(port, layer(model))));
                    cleanRounds.set(unavailable.get() == before ? cleanRounds.get() + 1 : 0);
                }
            });
        }

        private void check(HttpResponse<String> answer) {
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 503);
            answered.incrementAndGet();
            if (answer.statusCode() == 503) {
                unavailable.incrementAndGet();
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
                assertThat(answer.body()).startsWith("{\"error\":\"").doesNotContain("\n");
            }
        }

        /** Three times in a row, from now on. */
        void untilAllAnswer() {
            cleanRounds.set(0);
            await().atMost(LIMIT).until(() -> asking.isDone() || cleanRounds.get() > 3);
            assertThat(asking).as("asking").isNotDone();
        }

        @Override
        public void close() {
            open.set(false);
            asking.join();
        }

        @Override
        public String toString() {
            return unavailable + " of " + answered + " answers were 503";
        }
    }
}
