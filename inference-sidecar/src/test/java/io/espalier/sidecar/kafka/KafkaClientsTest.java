package io.espalier.sidecar.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.settings.KafkaProperties;
import io.espalier.settings.SettingsException;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
    @Test
    void whatKafkaRefusesIsSaidInOneLine() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() ->
                        new KafkaClients(new KafkaProperties(Map.of("bootstrap.servers", "b:9092", "acks", "some"))))
                .withMessageContainingAll("espalier.kafka.*", "acks", "some")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void aBrokerWhoseNameDoesNotResolveYetIsNoMistake() {
        new KafkaClients(new KafkaProperties(Map.of("bootstrap.servers", "not-there.invalid:9092")));
    }

    @Test
    void idempotenceCannotBeTurnedOff() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> new KafkaClients(new KafkaProperties(
                        Map.of("bootstrap.servers", "b:9092", "enable.idempotence", "false", "acks", "1"))))
                .withMessageContaining("acks");
    }

    @Test
    void theFollowerHasNoGroupWhateverIsSet() {
        KafkaClients clients = new KafkaClients(new KafkaProperties(
                Map.of("bootstrap.servers", "127.0.0.1:9092", "group.id", "mine", "enable.auto.commit", "true")));
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
            assertThatExceptionOfType(InvalidGroupIdException.class).isThrownBy(consumer::groupMetadata);
        }
    }
}
