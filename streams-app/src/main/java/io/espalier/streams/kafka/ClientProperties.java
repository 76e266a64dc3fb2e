package io.espalier.streams.kafka;

import io.espalier.protocol.Topics;
import io.espalier.streams.deadletter.DeadLetterHandler;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.topology.EventTime;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Properties of the Kafka clients. May hold secrets: never to be logged. */
public final class ClientProperties {
    private static final int LEAST_BUFFER_BYTES = 32 * 1024 * 1024;
    private static final int SEGMENT_BYTES = 64 * 1024 * 1024;

    /** There is no global thread, but Kafka warns of one until this is said. Its constant is deprecated, as the switch is. */
    private static final String GLOBAL_HANDLER_SWITCH = "processing.exception.handler.global.enabled";

    private final StreamsSettings settings;

    public ClientProperties(StreamsSettings settings) {
        this.settings = settings;
    }

    /** As configured, for clients without settings of ours. */
    public Map<String, Object> common() {
        return settings.kafka().over(Map.of());
    }

    /** For a consumer that sees committed records only, and commits nothing by itself. */
    public Map<String, Object> consumer() {
        Map<String, Object> properties = common();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return properties;
    }

    public Map<String, Object> producer() {
        Map<String, Object> properties = common();
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxMessageBytes());
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes());
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        return properties;
    }

    /**
     * For a Kafka Streams application.
     *
     * @param id its application id
     * @param refused told of each record that only the exception handlers kept from stopping the stream
     */
    public Properties streams(String id, Consumer<Reason> refused) {
        Properties properties = new Properties();
        properties.putAll(settings.kafka().properties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.stateDir().toAbsolutePath().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, settings.processingGuarantee());
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.topics().replication());
        properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, EventTime.class);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), maxMessageBytes());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), bufferBytes());
        properties.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), maxMessageBytes());
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(GLOBAL_HANDLER_SWITCH, true);
        properties.put(
                DeadLetterHandler.TOPIC_CONFIG, new Topics(settings.topics().prefix()).deadLetters());
        properties.put(DeadLetterHandler.MAX_BYTES_CONFIG, maxMessageBytes());
        properties.put(DeadLetterHandler.LISTENER_CONFIG, refused);
        return properties;
    }

    /** Settings of changelog topics: their records are fat and their keys hot, so they are cleaned early. */
    public Map<String, String> changelog() {
        return Map.of(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes()),
                TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(Math.max(SEGMENT_BYTES, maxMessageBytes())),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(60 * 60 * 1000L));
    }

    /** Largest record that our topics take and our producers send. */
    public int maxMessageBytes() {
        return settings.topics().maxMessageBytes();
    }

    private long bufferBytes() {
        return Math.max(LEAST_BUFFER_BYTES, 4L * maxMessageBytes());
    }
}
