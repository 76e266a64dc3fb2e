package io.espalier.sidecar.publish;

import io.espalier.settings.KafkaProperties;
import io.espalier.settings.SettingsException;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes Kafka's clients from the user's settings. */
public final class KafkaClients {
    // Short, for nothing waits on the publisher but its queue; what is late is counted and let go.
    private static final Map<String, Object> PRODUCER_DEFAULTS = Map.of(
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000,
            ProducerConfig.LINGER_MS_CONFIG, 5,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    private static final Map<String, Object> ADMIN_DEFAULTS = Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000);

    private final Map<String, Object> producer;
    private final Map<String, Object> admin;

    /** @throws SettingsException when Kafka does not accept the settings */
    public KafkaClients(KafkaProperties settings) {
        producer = settings.over(PRODUCER_DEFAULTS);
        // A retry must not count a sample twice, whatever else is set.
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        admin = settings.over(ADMIN_DEFAULTS);
        try {
            new ProducerConfig(producer);
            new AdminClientConfig(admin);
        } catch (ConfigException e) {
            throw new SettingsException("espalier.kafka.*: "
                    + e.getMessage().lines().findFirst().orElse("") + "; see Kafka's producer configuration");
        }
    }

    KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(producer);
    }

    Admin admin() {
        return Admin.create(admin);
    }
}
