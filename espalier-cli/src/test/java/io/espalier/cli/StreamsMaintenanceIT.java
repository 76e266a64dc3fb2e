package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on what a service left behind; what services make of it is tested beside them. */
final class StreamsMaintenanceIT {
    private static final String GROUP = "mine-overlap";
    private static final String CHANGELOG = "mine-overlap-panes-changelog";
    private static final String MODELS = "espalier.models";

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Path config;
    private Path state;

    @BeforeEach
    void leaveBehind() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        try (Admin admin = admin()) {
            admin.createTopics(List.of(topic(CHANGELOG), topic(MODELS), topic("other.models")))
                    .all()
                    .get();
        }
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", GROUP),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.commitSync(Map.of(new TopicPartition(MODELS, 0), new OffsetAndMetadata(0)));
        }
        state = Files.createDirectories(folder.resolve("state").resolve(GROUP));
        Files.writeString(state.resolve("kafka-streams-process-metadata"), "{}");
        config = Files.writeString(
                folder.resolve("streams.properties"),
                String.join(
                        "\n",
                        "espalier.kafka.bootstrap.servers=" + broker.bootstrapServers(),
                        "espalier.application.id=mine",
                        "espalier.state.dir=" + folder.resolve("state")));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aResetSaysWhatItWouldDoAndDoesItWhenTold() throws Exception {
        Espalier.Finished said = Espalier.run(folder, "streams", "reset", "--config", config);
        assertThat(said.code()).as(said.errorLines().toString()).isZero();
        assertThat(said.out().lines())
                .containsExactly(
                        "would delete consumer group " + GROUP,
                        "would delete topic " + CHANGELOG,
                        "would delete folder " + state,
                        "nothing was changed: --execute does it");
        assertThat(topics()).contains(CHANGELOG);
        assertThat(state).exists();

        Espalier.Finished done = Espalier.run(folder, "streams", "--config", config, "reset", "--execute");
        assertThat(done.out().lines())
                .containsExactly(
                        "deleted consumer group " + GROUP, "deleted topic " + CHANGELOG, "deleted folder " + state);
        assertThat(topics()).doesNotContain(CHANGELOG).contains(MODELS);
        assertThat(state).doesNotExist();

        Espalier.Finished again = Espalier.run(folder, "streams", "reset", "--config", config, "--execute");
        assertThat(again.out().lines()).containsExactly("there is nothing to delete");
    }

    @Test
    void aCleanAsJsonTakesTheTopicsOnlyWhenTold() throws Exception {
        JsonNode without = json("streams", "clean", "--config", config, "--json");
        assertThat(without.get("executed").asBoolean()).isFalse();
        assertThat(without.get("topics")).extracting(JsonNode::asText).containsExactly(CHANGELOG);

        JsonNode with = json("streams", "clean", "--topics", "--execute", "--config", config, "--json");
        assertThat(with.get("executed").asBoolean()).isTrue();
        assertThat(with.get("groups")).extracting(JsonNode::asText).containsExactly(GROUP);
        assertThat(with.get("topics")).extracting(JsonNode::asText).containsExactly(MODELS, CHANGELOG);
        assertThat(topics()).doesNotContain(CHANGELOG, MODELS).contains("other.models");
    }

    @Test
    void aGroupThatIsInUseIsLeftAlone() throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", GROUP),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(MODELS));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(100));
            }
            Espalier.Finished said = Espalier.run(folder, "streams", "clean", "--config", config);
            assertThat(said.out()).contains("group " + GROUP + " has active members");
            Espalier.Finished refused = Espalier.run(folder, "streams", "clean", "--config", config, "--execute");
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.errorLines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("espalier: group " + GROUP + " has active members: stop the services first"));
            assertThat(refused.out()).isEmpty();
        }
        assertThat(topics()).contains(CHANGELOG);
    }

    private JsonNode json(Object... arguments) throws Exception {
        Espalier.Finished finished = Espalier.run(folder, arguments);
        assertThat(finished.code()).as(finished.errorLines().toString()).isZero();
        return new ObjectMapper().readTree(finished.out());
    }

    private Set<String> topics() throws Exception {
        try (Admin admin = admin()) {
            return admin.listTopics().names().get();
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(1), Optional.empty());
    }
}
