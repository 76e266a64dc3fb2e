package io.espalier.streams.compressor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic up to where it ends now, outside of any group. For one thread. */
final class TopicTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String topic;
    private List<TopicPartition> partitions = List.of();

    /**
     * Makes the consumer; asks no broker yet.
     *
     * @param properties of a read_committed consumer
     */
    TopicTail(Map<String, Object> properties, String topic) {
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.topic = topic;
    }

    /**
     * Goes on so that {@link #readToEnd} begins at most {@code records} before the end of each partition; true when one has
     * more.
     */
    boolean seekToNewest(long records) {
        assign();
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        ends.forEach((partition, end) -> consumer.seek(partition, Math.max(begin.get(partition), end - records)));
        return partitions.stream().anyMatch(partition -> ends.get(partition) - records > begin.get(partition));
    }

    /** Hands over what lies between the last read and the present end. */
    void readToEnd(Consumer<ConsumerRecord<String, byte[]>> reader) {
        assign();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(reader);
        }
    }

    private void assign() {
        if (!partitions.isEmpty()) {
            return;
        }
        partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
