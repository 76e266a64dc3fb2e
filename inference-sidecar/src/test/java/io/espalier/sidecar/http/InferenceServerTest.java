package io.espalier.sidecar.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.Tensor;
import io.espalier.sidecar.Descriptors;
import io.espalier.sidecar.Fixtures;
import io.espalier.sidecar.settings.SidecarSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class InferenceServerTest {
    private static final List<Tensor> ANSWER = List.of(
            Tensor.ofFloats(new long[] {1, 3}, Float.NaN, Float.NEGATIVE_INFINITY, 1.1f),
            Tensor.ofLongs(new long[] {2}, 9007199254740993L, -1),
            new Tensor(Datatype.BOOL, new long[] {1, 2}, new byte[] {1, 0}),
            Tensor.ofDoubles(new long[] {1}, 0.1));
    private static final String BODY =
            "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": [1, 2], \"data\": [1, 2]}]}";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aRequestUnderWayIsAnsweredWhileTheServerStops() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        InferenceServer server = server((inputs, rows) -> {
            working.countDown();
            await(finish);
            return ANSWER;
        });
        server.start();
        int port = server.port();
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(infer(port), HttpResponse.BodyHandlers.ofString());
        await(working);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
        // The listener is gone, the request is not.
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> refused(port));
        assertThat(closed).isNotDone();
        finish.countDown();
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aStopDoesNotWaitForeverForARequest() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        InferenceServer server = server((inputs, rows) -> {
            working.countDown();
            await(finish);
            return ANSWER;
        });
        server.start();
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(infer(server.port()), HttpResponse.BodyHandlers.ofString());
        await(working);
        long start = System.nanoTime();
        server.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(8));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("qtp"));
        finish.countDown();
        answer.cancel(true);
    }

    @Test
    void whatFailsInsideGivesOneLineAndIsCounted() throws Exception {
        try (InferenceServer server = server((inputs, rows) -> {
            throw new IllegalStateException("secret\ndetails");
        })) {
            server.start();
            HttpResponse<String> response = http.send(infer(server.port()), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("{\"error\":\"the request failed here: see the sidecar's log\"}");
            assertThat(registry.scrape()).contains("espalier_requests_total{outcome=\"failed\"} 1.0");
        }
    }

    @Test
    void outputsAreWrittenInTheirTypesAndWhatJsonHasNoNumberForAsAString() throws Exception {
        try (InferenceServer server = server((inputs, rows) -> ANSWER)) {
            server.start();
            HttpResponse<String> response = http.send(infer(server.port()), HttpResponse.BodyHandlers.ofString());
            assertThat(response.body())
                    .contains(
                            "\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[\"NaN\",\"-Infinity\",1.1]",
                            "\"datatype\":\"INT64\",\"shape\":[2],\"data\":[9007199254740993,-1]",
                            "\"datatype\":\"BOOL\",\"shape\":[1,2],\"data\":[true,false]",
                            "\"datatype\":\"FP64\",\"shape\":[1],\"data\":[0.1]");
        }
    }

    @Test
    void oneThreadIsEnoughToServe() throws Exception {
        try (InferenceServer server = server((inputs, rows) -> ANSWER)) {
            server.start();
            for (int i = 0; i < 20; i++) {
                assertThat(http.send(infer(server.port()), HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private InferenceServer server(InferenceServer.Inference inference) {
        SidecarSettings settings = SidecarSettings.of(Map.of(
                "espalier.kafka.bootstrap.servers", "unused:1",
                "espalier.model.path", Fixtures.MODEL.toString(),
                "espalier.model.name", "model",
                "espalier.model.input-shape", "1,2",
                "espalier.http.host", "127.0.0.1",
                "espalier.http.port", "0",
                "espalier.http.max-body-bytes", "1048576",
                "espalier.http.threads", "1",
                "espalier.shutdown.timeout", "PT3S"));
        return new InferenceServer(settings, Descriptors.withPoints(), ANSWER, inference, registry);
    }

    private static HttpRequest infer(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/models/model/infer"))
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
    }

    private static boolean refused(int port) {
        try (java.net.Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            // The server gives up on the request: let it end.
            Thread.currentThread().interrupt();
        }
    }
}
