package io.espalier.streams.kafka;

import io.espalier.protocol.Topics;
import io.espalier.settings.SettingsException;
import io.espalier.streams.deadletter.DeadLetterHandler;
import io.espalier.streams.deadletter.DeadLetterTopic;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.deadletter.UnwrittenHandler;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.topology.EventTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.StreamsConfig;

/** Properties of the Kafka clients. May hold secrets: never to be logged. */
public final class ClientProperties {
    /**
     * Size of a socket buffer that the system chooses. It grows until a fetch of batches fits, which the broker then sends while
     * the last one is counted: into the 64 KiB of Kafka it comes only while it is read.
     */
    public static final int SYSTEM_SOCKET_BUFFER = CommonClientConfigs.RECEIVE_BUFFER_LOWER_BOUND;

    private static final int LEAST_BUFFER_BYTES = 32 * 1024 * 1024;
    private static final int SEGMENT_BYTES = 64 * 1024 * 1024;

    /** Kafka counts an interval from the end of a commit, we from its beginning: the rest is what a commit itself takes. */
    private static final double BETWEEN_COMMITS = 0.9;

    /** Kafka Streams' own. */
    private static final long LEAST_TRANSACTION_MS = 10_000;

    /** There is no global thread, but Kafka warns of one until this is said. Its constant is deprecated, as the switch is. */
    private static final String GLOBAL_HANDLER_SWITCH = "processing.exception.handler.global.enabled";

    /** What the properties of some clients only, or of internal topics, start with. */
    private static final List<String> OF_ONE_KIND = List.of(
            StreamsConfig.ADMIN_CLIENT_PREFIX,
            StreamsConfig.CONSUMER_PREFIX,
            StreamsConfig.MAIN_CONSUMER_PREFIX,
            StreamsConfig.RESTORE_CONSUMER_PREFIX,
            StreamsConfig.GLOBAL_CONSUMER_PREFIX,
            StreamsConfig.PRODUCER_PREFIX,
            StreamsConfig.TOPIC_PREFIX);

    private final StreamsSettings settings;

    public ClientProperties(StreamsSettings settings) {
        this.settings = settings;
    }

    public Map<String, Object> admin() {
        return client(StreamsConfig.ADMIN_CLIENT_PREFIX);
    }

    /**
     * Makes an administrator's client, which connects by itself.
     *
     * @throws SettingsException when Kafka refuses the properties
     */
    public Admin openAdmin() {
        try {
            return Admin.create(admin());
        } catch (KafkaException e) {
            throw refused(e);
        }
    }

    /** Why no client could be made, as a line without the values of properties. */
    public SettingsException refused(KafkaException e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return new SettingsException(
                "no Kafka client can be made for " + settings.kafka().bootstrapServers() + ": " + innermost.getMessage()
                        + "; check espalier.kafka.*",
                e);
    }

    /** For a consumer that sees committed records only, and commits nothing by itself. */
    public Map<String, Object> consumer() {
        Map<String, Object> properties = client(StreamsConfig.CONSUMER_PREFIX);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return properties;
    }

    public Map<String, Object> producer() {
        Map<String, Object> properties = client(StreamsConfig.PRODUCER_PREFIX);
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
        properties.put(CommonClientConfigs.RECEIVE_BUFFER_CONFIG, SYSTEM_SOCKET_BUFFER);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), transactionTimeoutMs());
        properties.putAll(settings.kafka().properties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.stateDir().toAbsolutePath().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, settings.processingGuarantee());
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                Math.round(BETWEEN_COMMITS * settings.commitInterval().toMillis()));
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(
                StreamsConfig.GROUP_PROTOCOL_CONFIG,
                settings.groupProtocol().name().toLowerCase(Locale.ROOT));
        // Under the streams protocol the brokers are told instead, see GroupSettings: the client's own would only be
        // warned of.
        properties.put(
                StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
                settings.groupProtocol() == GroupProtocol.CLASSIC ? settings.standbyReplicas() : 0);
        properties.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.topics().replication());
        properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, EventTime.class);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), maxMessageBytes());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), bufferBytes());
        properties.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), maxMessageBytes());
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, UnwrittenHandler.class);
        properties.put(GLOBAL_HANDLER_SWITCH, true);
        properties.put(
                DeadLetterTopic.TOPIC_CONFIG, new Topics(settings.topics().prefix()).deadLetters());
        properties.put(DeadLetterTopic.MAX_BYTES_CONFIG, maxMessageBytes());
        properties.put(DeadLetterTopic.LISTENER_CONFIG, refused);
        return properties;
    }

    /** A transaction is open from one commit to the end of the next, and the broker ends it after this. */
    private int transactionTimeoutMs() {
        return (int)
                Math.max(LEAST_TRANSACTION_MS, 2 * settings.commitInterval().toMillis());
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

    /**
     * What the user set for all clients, and over it what is set for this kind, as Kafka Streams does it for its own.
     *
     * @param kind one of the prefixes of {@link StreamsConfig}
     */
    private Map<String, Object> client(String kind) {
        Map<String, Object> properties = new HashMap<>();
        Map<String, String> given = settings.kafka().properties();
        given.forEach((name, value) -> {
            if (OF_ONE_KIND.stream().noneMatch(name::startsWith)) {
                properties.put(name, value);
            }
        });
        given.forEach((name, value) -> {
            if (name.startsWith(kind)) {
                properties.put(name.substring(kind.length()), value);
            }
        });
        return properties;
    }

    private long bufferBytes() {
        return Math.max(LEAST_BUFFER_BYTES, 4L * maxMessageBytes());
    }
}
