package io.espalier.streams.torture;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All committed records of a topic, in the order of each partition. A topic that was made anew is read from its start. */
final class TopicTail implements AutoCloseable {
    private final Map<String, Object> properties;
    private final String topic;
    private KafkaConsumer<byte[], byte[]> consumer;

    TopicTail(String bootstrapServers, String topic) {
        this.properties = Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        this.topic = topic;
    }

    /** Hands over what has come since the last call; waits a little for the first of it. */
    void poll(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        if (consumer == null) {
            consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }
        consumer.poll(Duration.ofMillis(200)).forEach(reader);
    }

    /** The topic was deleted: the next is another one of its name. */
    void forget() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }

    @Override
    public void close() {
        forget();
    }
}
