package io.espalier.streams.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.espalier.settings.SettingsException;
import io.espalier.streams.StreamsService;
import io.espalier.streams.maintenance.Maintenance;
import io.espalier.streams.maintenance.Removal;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.testing.RandomTraffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left after a reset and a clean, and what a service makes of it. */
@TestInstance(Lifecycle.PER_CLASS)
final class MaintenanceIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Those of the README. */
    private static final int TOPICS = 10;

    private Path directory;
    private TestBroker broker;
    private Admin admin;
    private TopicClient client;

    @BeforeAll
    void open(@TempDir Path temporary) {
        directory = temporary;
        broker = TestBroker.embedded(temporary.resolve("broker"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        client = new TopicClient(broker.bootstrapServers());
    }

    @AfterAll
    void close() {
        client.close();
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void afterAResetAllIsCountedOnceMoreAndOnce(String protocol) throws Exception {
        Installation installation = new Installation(broker, directory);
        StreamsSettings settings = settings(installation, protocol);
        String group = installation.applicationId + "-overlap";
        RandomTraffic traffic = new RandomTraffic(3, 3);
        Publisher publisher = new Publisher(client, installation.topics.activations(), traffic);
        try (StreamsService service = started(settings)) {
            publisher.publish(200);
            await().atMost(LIMIT)
                    .until(() -> client.committed(group, installation.topics.activations()) == publisher.sent());
            assertThat(service.isRunning()).isTrue();
            try (Maintenance maintenance = new Maintenance(settings)) {
                Removal planned = maintenance.planReset();
                assertThat(planned.activeGroups()).containsExactlyElementsOf(planned.groups());
                assertThatThrownBy(() -> maintenance.execute(planned))
                        .isInstanceOf(SettingsException.class)
                        .hasMessageContainingAll(group, "stop the services first");
            }
        }
        // Stores in memory leave no folder behind; those that do are found and deleted all the same.
        Path left =
                Files.createDirectories(installation.stateDir().resolve(group).resolve("0_0"));
        Files.writeString(left.resolve(".checkpoint"), "0");
        try (Maintenance maintenance = new Maintenance(settings)) {
            await().atMost(LIMIT)
                    .until(() -> maintenance.planReset().activeGroups().isEmpty());
            Removal planned = maintenance.planReset();
            assertThat(planned.groups()).containsExactly(group, installation.applicationId + "-planning");
            assertThat(planned.topics())
                    .contains(group + "-panes-changelog", installation.applicationId + "-planning-plans-changelog")
                    .noneMatch(topic -> topic.startsWith(installation.topics.prefix()));
            assertThat(planned.folders())
                    .containsExactly(installation.stateDir().resolve(group).toString());
            assertThat(maintenance.planReset()).as("planning changes nothing").isEqualTo(planned);
            maintenance.execute(planned);
            assertThat(maintenance.planReset().removesNothing()).isTrue();
            assertThat(Files.exists(installation.stateDir().resolve(group))).isFalse();
            assertThat(topics()).contains(installation.topics.activations(), installation.topics.models());
        }
        try (StreamsService service = started(settings)) {
            await().atMost(LIMIT)
                    .until(() -> client.committed(group, installation.topics.activations()) == publisher.sent());
            PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
            publisher.publish(50);
            PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
            assertThat(service.isRunning()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void aCleanLeavesTheTopicsUnlessToldOtherwise(String protocol) throws Exception {
        Installation installation = new Installation(broker, directory);
        Installation neighbour = new Installation(broker, directory);
        StreamsSettings settings = settings(installation, protocol);
        try (StreamsService service = started(settings);
                StreamsService other = started(settings(neighbour, protocol))) {
            Publisher publisher = new Publisher(client, installation.topics.activations(), new RandomTraffic(4, 2));
            publisher.publish(20);
            String group = installation.applicationId + "-overlap";
            await().atMost(LIMIT).until(() -> client.committed(group, installation.topics.activations()) == 20);
            assertThat(service.isRunning() && other.isRunning()).isTrue();
        }
        Set<String> neighbours = topics();
        neighbours.removeIf(topic -> !topic.startsWith(neighbour.applicationId));
        try (Maintenance maintenance = new Maintenance(settings)) {
            await().atMost(LIMIT)
                    .until(() -> maintenance.planClean(false).activeGroups().isEmpty());
            maintenance.execute(maintenance.planClean(false));
            assertThat(maintenance.planClean(false).removesNothing()).isTrue();
            assertThat(topics())
                    .filteredOn(topic -> topic.startsWith(installation.applicationId))
                    .hasSize(TOPICS);

            maintenance.execute(maintenance.planClean(true));
            assertThat(topics()).noneMatch(topic -> topic.startsWith(installation.applicationId));
            assertThat(maintenance.planClean(true).removesNothing()).isTrue();
        }
        assertThat(topics()).containsAll(neighbours);
        assertThat(neighbours).hasSizeGreaterThan(TOPICS);
    }

    private static StreamsSettings settings(Installation installation, String protocol) {
        Map<String, String> settings = installation.settings();
        settings.put("espalier.group.protocol", protocol);
        return StreamsSettings.of(settings);
    }

    private static StreamsService started(StreamsSettings settings) {
        StreamsService service = new StreamsService(settings);
        service.start();
        await().atMost(LIMIT).until(service::isRunning);
        return service;
    }

    private Set<String> topics() throws Exception {
        return admin.listTopics().names().get();
    }
}
