package io.espalier.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.broker.EmbeddedBroker;
import io.espalier.runtime.ModelRuntime;
import io.espalier.settings.SettingsException;
import io.espalier.sidecar.settings.SidecarSettings;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar whose broker is not there, not yet, or not any more; and one that cannot start at all. */
class BrokerAwayIT {
    private static ModelRuntime runtime;
    private static Fixtures fixtures;

    @BeforeAll
    static void start() {
        runtime = Fixtures.runtime();
        fixtures = new Fixtures();
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    @Test
    void requestsAreAnsweredWithoutABrokerAndSamplesFlowOnceItComes(@TempDir Path folder) throws Exception {
        int port = freePort();
        Map<String, String> settings = Fixtures.settings("127.0.0.1:" + port);
        settings.put("espalier.sampling.rate", "1");
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        try (sidecar) {
            sidecar.start();
            InferenceClient client = new InferenceClient(sidecar.port());
            client.infer(fixtures.images(0, 4));
            assertThat(client.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(sidecar.awaitRegistered(Duration.ofSeconds(3))).isFalse();
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, port)) {
                new KafkaTopics(broker.bootstrapServers()).create("espalier.models", "espalier.activations");
                assertThat(sidecar.awaitRegistered(Duration.ofSeconds(30))).isTrue();
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> SidecarIT.published(sidecar) == 4);
            }
        }
    }

    @Test
    void aBrokerThatGoesAwayCostsSamplesAndNoRequest(@TempDir Path folder) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        Map<String, String> settings = Fixtures.settings(broker.bootstrapServers());
        settings.put("espalier.sampling.rate", "1");
        settings.put("espalier.batch.samples", "4");
        settings.put("espalier.sampling.queue", "16");
        settings.put("espalier.shutdown.timeout", "PT4S");
        settings.put("espalier.kafka.request.timeout.ms", "1000");
        settings.put("espalier.kafka.delivery.timeout.ms", "2000");
        new KafkaTopics(broker.bootstrapServers()).create("espalier.models", "espalier.activations");
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        long closing;
        try (sidecar) {
            sidecar.start();
            assertThat(sidecar.awaitRegistered(Duration.ofSeconds(30))).isTrue();
            InferenceClient client = new InferenceClient(sidecar.port());
            client.infer(fixtures.images(0, 4));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> SidecarIT.published(sidecar) == 4);
            broker.close();
            for (int i = 0; i < 200; i++) {
                client.infer(fixtures.images(i % 20, 4));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> SidecarIT.dropped(sidecar, "publish_failed") > 0);
            closing = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(8));
        assertThat(SidecarIT.counter(sidecar, "espalier.sampled.requests")).isEqualTo(201);
        assertThat(SidecarIT.published(sidecar) + SidecarIT.dropped(sidecar)).isEqualTo(4 * 201);
    }

    @Test
    void whatCannotStartSaysWhyInOneLineAndLeavesNothingRunning(@TempDir Path folder) throws Exception {
        Map<String, String> settings = Fixtures.settings("127.0.0.1:" + freePort());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("espalier.http.port", String.valueOf(taken.getLocalPort()));
            refused(settings, SettingsException.class, "espalier.http.port");
        }
        settings.put("espalier.http.port", "0");
        settings.put("espalier.model.input-shape", "1,3,12,12");
        refused(settings, ModelInputException.class, "3");
        settings.put(
                "espalier.model.path",
                Files.writeString(folder.resolve("text.pt"), "no model").toString());
        refused(settings, ModelFormatException.class, "text.pt");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("espalier-"));
    }

    private static void refused(Map<String, String> settings, Class<? extends RuntimeException> error, String part) {
        try (SidecarService sidecar = new SidecarService(SidecarSettings.of(settings))) {
            assertThatExceptionOfType(error)
                    .isThrownBy(sidecar::start)
                    .withMessageContaining(part)
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
