package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.process.Cluster;
import io.espalier.protocol.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of a workload, and its activations in theirs. */
public final class ActivationsTopic {
    private static final int MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

    private ActivationsTopic() {}

    /** The topics that the overlap topology reads and writes, empty. */
    public static void create(Cluster cluster, String prefix, int partitions) {
        Topics topics = new Topics(prefix);
        cluster.create(Stream.of(topics.activations(), topics.expressiveness(), topics.deadLetters())
                .map(name -> new NewTopic(name, Optional.of(partitions), Optional.of((short) 1))
                        .configs(Map.of(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(MAX_MESSAGE_BYTES),
                                TopicConfig.FILE_DELETE_DELAY_MS_CONFIG,
                                "1000")))
                .toList());
    }

    /** A producer as a publisher has it, but that it fills its batches. */
    public static KafkaProducer<byte[], byte[]> producer(Cluster cluster, long lingerMs) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, lingerMs);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 512 * 1024);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_MESSAGE_BYTES);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Fills the topic, layer by layer in turn and spread over the partitions by Kafka.
     *
     * @param bytes to write, about
     */
    public static Filled fill(Cluster cluster, String prefix, List<String> models, Workload workload, long bytes) {
        byte[][] keys = new byte[models.size() * workload.layers()][];
        byte[][][] values = new byte[keys.length][][];
        for (int shard = 0; shard < keys.length; shard++) {
            String model = models.get(shard / workload.layers());
            keys[shard] = workload.key(model, shard % workload.layers());
            values[shard] = workload.values(model, shard % workload.layers());
        }
        long recordBytes = (long) keys[0].length + values[0][0].length;
        long records = Math.max(bytes / recordBytes, (long) keys.length * workload.panes());
        long start = System.currentTimeMillis() - workload.panes() * workload.paneMs();
        String topic = new Topics(prefix).activations();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Future<RecordMetadata> last = null;
        try (KafkaProducer<byte[], byte[]> producer = producer(cluster, 20)) {
            for (long record = 0; record < records; record++) {
                int shard = (int) (record % keys.length);
                int variant = (int) (record / keys.length % values[shard].length);
                long time = start + record * workload.panes() * workload.paneMs() / records;
                last = producer.send(
                        new ProducerRecord<>(topic, null, time, keys[shard], values[shard][variant]),
                        (sent, failed) -> failure.compareAndSet(null, failed));
            }
        }
        if (failure.get() != null || last == null || !last.isDone()) {
            throw new IllegalStateException("the topic could not be filled", failure.get());
        }
        cluster.settle();
        return new Filled(records, recordBytes);
    }

    /**
     * What was written.
     *
     * @param recordBytes of a key and its value
     */
    public record Filled(long records, long recordBytes) {}
}
