package io.espalier.streams.compressor;

import io.espalier.streams.kafka.ClientProperties;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Properties of the compressor's own consumer and producer. */
final class CompressorClients {
    /** To cut, compare and fit layers; distilling has a limit of its own. */
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(30);

    private CompressorClients() {}

    static Map<String, Object> consumer(ClientProperties clients, String group, Duration distilLimit) {
        Map<String, Object> properties = clients.consumer();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        properties.put(
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                Math.toIntExact(LONGEST_BUILD.plus(distilLimit).toMillis()));
        return properties;
    }

    /** The group's generation fences a stale compressor, so that its transactional id need not. */
    static Map<String, Object> producer(ClientProperties clients, String group) {
        Map<String, Object> properties = clients.producer();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "-" + UUID.randomUUID());
        return properties;
    }
}
