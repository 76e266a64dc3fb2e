package io.espalier.streams.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.broker.EmbeddedBroker;
import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.testing.RandomTraffic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a platform sees of a service that cannot go on, and of one whose brokers are gone. */
final class FailureIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedBroker broker;
    private Installation installation;

    @BeforeEach
    void install() {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        installation = new Installation(broker.bootstrapServers(), directory);
    }

    @Test
    void aChangelogThatRefusesStateEndsTheProcessAndNothingIsLost() throws Exception {
        RandomTraffic traffic = new RandomTraffic(21, 3);
        Path settings = installation.settingsFile(installation.settings());
        Path log = installation.directory.resolve("child.log");
        String group = installation.applicationId + "-overlap";
        try (TopicClient client = new TopicClient(broker.bootstrapServers())) {
            Publisher publisher = new Publisher(client, installation.topics.activations(), traffic);
            try (StreamsProcess process = StreamsProcess.start(settings, log)) {
                await().atMost(LIMIT).until(() -> client.isReady(installation.topics.activations()));
                publisher.publish(100);
                await().atMost(LIMIT)
                        .until(() -> client.committed(group, installation.topics.activations()) == publisher.sent());

                set(group + "-panes-changelog", "max.message.bytes", "100");
                publisher.publish(100);
                await().atMost(LIMIT).until(() -> !process.isAlive());
                assertThat(process.exitCode()).isEqualTo(1);
                List<String> lines = Files.readAllLines(log);
                assertThat(lines.get(lines.size() - 1))
                        .startsWith(
                                "failed: " + group + ": threads died 6 times within PT10M, the last of RecordTooLarge");
                assertThat(client.committed(group, installation.topics.activations()))
                        .isEqualTo(100);
            }
            // The next start mends the changelog.
            try (StreamsProcess process = StreamsProcess.start(settings, log)) {
                PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
                assertThat(process.isAlive()).isTrue();
                assertThat(process.end()).isIn(0, 143);
            }
        } finally {
            broker.close();
        }
    }

    @Test
    void withoutABrokerItIsAliveAndNotReadyAndEndsInTimeAndLosesNothing() throws Exception {
        RandomTraffic traffic = new RandomTraffic(22, 3);
        Map<String, String> settings = installation.settings();
        settings.put("espalier.shutdown.timeout", "PT6S");
        StreamsService service = new StreamsService(StreamsSettings.of(settings));
        service.start();
        await().atMost(LIMIT).until(() -> status(service, "/health/ready") == 200);
        try (TopicClient client = new TopicClient(broker.bootstrapServers())) {
            Publisher publisher = new Publisher(client, installation.topics.activations(), traffic);
            publisher.publish(3000);
            int port = Integer.parseInt(broker.bootstrapServers().replaceFirst(".*:", ""));
            broker.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> status(service, "/health/ready") == 503);
            assertThat(status(service, "/health/live")).isEqualTo(200);

            broker = EmbeddedBroker.start(directory.resolve("broker"), port);
            await().atMost(LIMIT).until(() -> status(service, "/health/ready") == 200);
            publisher.publish(3000);
            broker.close();
            Instant asked = Instant.now();
            service.close();
            // Its own limit, the administrator's client, and a slow machine.
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(6 + 5 + 5));

            broker = EmbeddedBroker.start(directory.resolve("broker"), port);
            try (StreamsService next = new StreamsService(StreamsSettings.of(settings))) {
                next.start();
                PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
            }
        } finally {
            service.close();
            broker.close();
        }
    }

    private int status(StreamsService service, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .statusCode();
    }

    private void set(String topic, String setting, String value) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            AlterConfigOp change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                    .all()
                    .get();
        }
    }
}
