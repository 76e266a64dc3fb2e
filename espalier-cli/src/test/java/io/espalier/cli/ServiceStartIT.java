package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.broker.EmbeddedBroker;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that cannot start says why on one line, and ends with exit code 2. */
final class ServiceStartIT {
    private static final String BROKER = "ESPALIER_KAFKA_BOOTSTRAP_SERVERS";

    @TempDir
    Path folder;

    @Test
    void withoutAFileAndWithoutTheEnvironmentTheBrokerIsMissing() throws Exception {
        for (String service : new String[] {"streams", "sidecar", "compressor"}) {
            assertRefused(Map.of(), "espalier.kafka.bootstrap.servers is not set", service);
        }
    }

    @Test
    void theEnvironmentAloneIsRead() throws Exception {
        assertRefused(
                Map.of(BROKER, "b:1", "ESPALIER_WINDOW_PANE", "a minute"),
                "espalier.window.pane is 'a minute'",
                "streams");
        assertRefused(
                Map.of(
                        BROKER,
                        "b:1",
                        "ESPALIER_MODEL_PATH",
                        "nowhere.pt",
                        "ESPALIER_MODEL_NAME",
                        "m",
                        "ESPALIER_MODEL_INPUT_SHAPE",
                        "1,1,28,28"),
                "espalier.model.path is 'nowhere.pt'",
                "sidecar");
    }

    @Test
    void filesAreReadByTheSameRules() throws Exception {
        Path misspelt = Files.writeString(folder.resolve("misspelt.yaml"), "espalier: {topics.perfix: a}");
        for (String service : new String[] {"streams", "sidecar", "compressor"}) {
            assertRefused(
                    Map.of(BROKER, "b:1"), "unknown setting espalier.topics.perfix", service, "--config", misspelt);
            assertRefused(Map.of(BROKER, "b:1"), "nowhere.yaml", service, "--config", folder.resolve("nowhere.yaml"));
        }
    }

    @Test
    void whatKafkasClientsRefuseIsNamed() throws Exception {
        Map<String, String> environment = Map.of(BROKER, "localhost:1", "ESPALIER_KAFKA_ACKS", "some");
        assertSaid(Espalier.runWith(environment, folder, "streams"), "acks");
        assertSaid(Espalier.runWith(Map.of(BROKER, "no-port"), folder, "streams"), "no-port");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            Map<String, String> environment = Map.of(
                    BROKER,
                    broker.bootstrapServers(),
                    "ESPALIER_HTTP_PORT",
                    port,
                    "ESPALIER_STATE_DIR",
                    folder.resolve("state").toString(),
                    "ESPALIER_ARTIFACTS_DIR",
                    folder.resolve("artifacts").toString());
            assertSaid(Espalier.runWith(environment, folder, "streams"), port);
            assertSaid(Espalier.runWith(environment, folder, "compressor"), port);
        }
    }

    @Test
    void aLockThatCannotBeMadeIsNamed() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            Map<String, String> environment = Map.of(
                    BROKER,
                    broker.bootstrapServers(),
                    "ESPALIER_HTTP_PORT",
                    "0",
                    "ESPALIER_COMPRESSOR_LOCK",
                    folder.resolve("none").resolve("lock").toString());
            assertSaid(Espalier.runWith(environment, folder, "compressor"), "espalier.compressor.lock");
        }
    }

    private void assertRefused(Map<String, String> environment, String naming, Object... arguments) throws Exception {
        Espalier.Finished finished = Espalier.runWith(environment, folder, arguments);
        assertSaid(finished, naming);
        assertThat(finished.out()).isEmpty();
    }

    private static void assertSaid(Espalier.Finished finished, String naming) {
        assertThat(finished.errorLines()).hasSize(1);
        assertThat(finished.errorLines().get(0)).startsWith("espalier: ").contains(naming);
        assertThat(finished.code()).isEqualTo(2);
    }
}
