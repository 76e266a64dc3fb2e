package io.espalier.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.settings.SettingsException;
import io.espalier.streams.settings.StreamsSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

final class ClientPropertiesTest {
    @Test
    void aPropertyOfOneKindOfClientReachesAllOfThatKindAndNoOther() {
        ClientProperties properties = properties(Map.of(
                "espalier.kafka.client.rack", "a",
                "espalier.kafka.producer.compression.type", "lz4",
                "espalier.kafka.consumer.client.rack", "b",
                "espalier.kafka.main.consumer.fetch.max.wait.ms", "7",
                "espalier.kafka.admin.retries", "3",
                "espalier.kafka.topic.segment.ms", "5"));
        assertThat(properties.producer())
                .containsEntry("compression.type", "lz4")
                .containsEntry("client.rack", "a");
        assertThat(properties.consumer()).containsEntry("client.rack", "b").doesNotContainKey("compression.type");
        assertThat(properties.admin()).containsEntry("retries", "3").containsEntry("client.rack", "a");
        assertThat(properties.admin().keySet())
                .noneMatch(name -> name.matches("(main\\.|restore\\.|global\\.)?(consumer|producer|admin|topic)\\..*"));
        assertThat(properties.streams("id", reason -> {}))
                .containsEntry("producer.compression.type", "lz4")
                .containsEntry("main.consumer.fetch.max.wait.ms", "7")
                .containsEntry("topic.segment.ms", "5");
    }

    @Test
    void standbyReplicasAreTheMembersUnderTheClassicProtocolAndTheBrokersUnderTheOther() {
        assertThat(properties(Map.of("espalier.standby-replicas", "2")).streams("id", reason -> {}))
                .containsEntry("num.standby.replicas", 2)
                .containsEntry("group.protocol", "classic");
        assertThat(properties(Map.of("espalier.standby-replicas", "2", "espalier.group.protocol", "streams"))
                        .streams("id", reason -> {}))
                .containsEntry("num.standby.replicas", 0)
                .containsEntry("group.protocol", "streams");
    }

    @Test
    void receiveBuffersAreTheSystemsUnlessTheyAreSet() {
        assertThat(properties(Map.of()).streams("id", reason -> {})).containsEntry("receive.buffer.bytes", -1);
        assertThat(properties(Map.of("espalier.kafka.receive.buffer.bytes", "65536"))
                        .streams("id", reason -> {}))
                .containsEntry("receive.buffer.bytes", "65536");
    }

    @Test
    void anIntervalBetweenCommitsLeavesATenthForTheCommitItself() {
        assertThat(properties(Map.of("espalier.commit.interval", "PT2S")).streams("id", reason -> {}))
                .containsEntry("commit.interval.ms", 1800L);
    }

    @Test
    void aTransactionMayTakeTwiceTheIntervalUnlessItsTimeoutIsSet() {
        assertThat(transactionTimeout(Map.of())).hasToString("10000");
        assertThat(transactionTimeout(Map.of("espalier.commit.interval", "PT5M")))
                .hasToString("600000");
        assertThat(transactionTimeout(Map.of(
                        "espalier.commit.interval",
                        "PT5M",
                        "espalier.kafka.producer.transaction.timeout.ms",
                        "700000")))
                .hasToString("700000");
    }

    /** As Kafka Streams reads it, which refuses one that is shorter than the interval between commits. */
    private static Object transactionTimeout(Map<String, String> settings) {
        return new StreamsConfig(properties(settings).streams("id", reason -> {}))
                .getProducerConfigs("client")
                .get("transaction.timeout.ms");
    }

    @Test
    void whatKafkaRefusesIsOneLine() {
        ClientProperties properties = properties(Map.of("espalier.kafka.retries", "many"));
        assertThatThrownBy(properties::openAdmin)
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("retries", "b:1", "espalier.kafka.");
    }

    private static ClientProperties properties(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("espalier.kafka.bootstrap.servers", "b:1");
        return new ClientProperties(StreamsSettings.of(all));
    }
}
