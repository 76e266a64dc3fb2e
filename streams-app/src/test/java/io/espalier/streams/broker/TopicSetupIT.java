package io.espalier.streams.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.espalier.settings.SettingsException;
import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.testing.RandomTraffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the start makes of topics that are missing, and of those that are there. */
@TestInstance(Lifecycle.PER_CLASS)
final class TopicSetupIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Path directory;
    private TestBroker broker;
    private Admin admin;
    private Installation installation;

    @BeforeAll
    void open(@TempDir Path temporary) {
        directory = temporary;
        broker = TestBroker.embedded(temporary.resolve("broker"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    void close() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void install() {
        installation = new Installation(broker, directory);
    }

    @Test
    void missingTopicsAreMadeAsTheReadmeHasThem() throws Exception {
        try (StreamsService service = started(installation.settings())) {
            assertThat(service.isRunning()).isTrue();
        }
        for (String topic : List.of("models", "policies", "versions", "control")) {
            assertThat(config(installation.topics.prefix() + topic))
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("max.message.bytes", "8388608");
        }
        assertThat(config(installation.topics.activations()))
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "21600000");
        assertThat(config(installation.topics.expressiveness())).containsEntry("cleanup.policy", "compact,delete");
        assertThat(config(installation.applicationId + "-overlap-panes-changelog"))
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("segment.bytes", "67108864")
                .containsEntry("min.cleanable.dirty.ratio", "0.1")
                .containsEntry("max.compaction.lag.ms", "3600000")
                .containsEntry("max.message.bytes", "8388608");
        assertThat(config(installation.applicationId + "-planning-planning-inputs-repartition"))
                .containsEntry("max.message.bytes", "8388608");
    }

    @Test
    void aTopicThatWouldForgetStopsTheStart() throws Exception {
        make(installation.topics.policies(), Map.of("max.message.bytes", "8388608"));
        assertThatThrownBy(() -> started(installation.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(
                        installation.topics.policies(),
                        "cleanup.policy=delete and needs compact",
                        "kafka-configs.sh --bootstrap-server " + broker.bootstrapServers(),
                        "--add-config cleanup.policy=compact");
    }

    @Test
    void aTopicThatWouldRefuseOurRecordsStopsTheStart() throws Exception {
        make(installation.topics.expressiveness(), Map.of("cleanup.policy", "compact,delete"));
        assertThatThrownBy(() -> started(installation.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(
                        "max.message.bytes=1048588 and needs 8388608", "espalier.topics.max-message-bytes");
        Map<String, String> smaller = installation.settings();
        smaller.put("espalier.topics.max-message-bytes", "1048576");
        try (StreamsService service = started(smaller)) {
            assertThat(service.isRunning()).isTrue();
        }
    }

    @Test
    void topicsThatNeedNothingSetOnThemMayBeAsTheyAre() throws Exception {
        make(installation.topics.activations(), Map.of("retention.ms", "60000"));
        try (StreamsService service = started(installation.settings())) {
            assertThat(service.isRunning()).isTrue();
        }
        assertThat(config(installation.topics.activations())).containsEntry("retention.ms", "60000");
    }

    @Test
    void aChangelogOfAnEarlierRunIsMended() throws Exception {
        String changelog = installation.applicationId + "-overlap-panes-changelog";
        try (StreamsService service = started(installation.settings())) {
            assertThat(service.isRunning()).isTrue();
        }
        set(changelog, Map.of("cleanup.policy", "delete", "max.message.bytes", "1000", "segment.bytes", "1073741824"));
        try (StreamsService service = started(installation.settings())) {
            assertThat(service.isRunning()).isTrue();
        }
        assertThat(config(changelog))
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("max.message.bytes", "8388608")
                .containsEntry("segment.bytes", "67108864");
    }

    @Test
    void partitionsThatWereAddedWhereStateIsKeptByThemStopTheStart() throws Exception {
        try (StreamsService service = started(installation.settings())) {
            assertThat(service.isRunning()).isTrue();
        }
        admin.createPartitions(Map.of(installation.topics.activations(), NewPartitions.increaseTo(6)))
                .all()
                .get();
        assertThatThrownBy(() -> started(installation.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(
                        installation.applicationId + "-overlap-panes-changelog",
                        "partitions=4 and needs 6",
                        "espalier streams reset");
    }

    @ParameterizedTest
    @CsvSource({"panes, overlap, activations", "descriptors, planning, expressiveness"})
    void aChangelogThatWasDeletedBehindWhatWasReadStopsTheStart(String store, String application, String input)
            throws Exception {
        String group = installation.applicationId + "-" + application;
        String read = installation.topics.prefix() + input;
        try (StreamsService service = started(installation.settings());
                TopicClient client = new TopicClient(broker.bootstrapServers())) {
            new Publisher(client, installation.topics.activations(), new RandomTraffic(5, 3)).publish(50);
            await().atMost(LIMIT).until(() -> client.committed(group, read) > 0);
            assertThat(service.isRunning()).isTrue();
        }
        String changelog = group + "-" + store + "-changelog";
        admin.deleteTopics(List.of(changelog)).all().get();
        assertThatThrownBy(() -> started(installation.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(
                        changelog + " has partitions=0 and needs 4", "deleted", "espalier streams reset");
    }

    private static StreamsService started(Map<String, String> settings) {
        StreamsService service = new StreamsService(StreamsSettings.of(settings));
        try {
            service.start();
            await().atMost(LIMIT).until(service::isRunning);
            return service;
        } catch (RuntimeException | Error e) {
            service.close();
            throw e;
        }
    }

    private void make(String topic, Map<String, String> config) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty()).configs(config)))
                .all()
                .get();
    }

    private void set(String topic, Map<String, String> config) throws Exception {
        List<AlterConfigOp> changes = config.entrySet().stream()
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                .all()
                .get();
    }

    private Map<String, String> config(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }
}
