package io.espalier.sidecar.kafka;

import io.espalier.settings.KafkaProperties;
import io.espalier.settings.SettingsException;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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

    private static final Map<String, Object> CONSUMER_DEFAULTS = Map.of(
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            10_000,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            5_000,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class);

    // It reads a topic from its beginning each time it starts, alone, and must neither make it nor see what is taken
    // back.
    private static final Map<String, Object> FOLLOWER = Map.of(
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");

    private final Map<String, Object> producer;
    private final Map<String, Object> admin;
    private final Map<String, Object> consumer;

    /** @throws SettingsException when Kafka does not accept the settings */
    public KafkaClients(KafkaProperties settings) {
        producer = settings.over(PRODUCER_DEFAULTS);
        // A retry must not count a sample twice, whatever else is set.
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        admin = settings.over(ADMIN_DEFAULTS);
        consumer = settings.over(CONSUMER_DEFAULTS);
        consumer.putAll(FOLLOWER);
        consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
        try {
            new ProducerConfig(producer);
            new AdminClientConfig(admin);
            new ConsumerConfig(consumer);
        } catch (ConfigException e) {
            throw new SettingsException("espalier.kafka.*: "
                    + e.getMessage().lines().findFirst().orElse("") + "; see Kafka's client configuration");
        }
    }

    public KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(producer);
    }

    public Admin admin() {
        return Admin.create(admin);
    }

    /** For a topic that is followed from its beginning, without a group. */
    public KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(consumer);
    }
}
