package io.espalier.streams.compressor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that are not to be handled yet. Their partition is turned back and rests, then they are fetched again: meanwhile
 * the consumer is polled, so that it stays in its group, and other partitions go on. For one thread.
 */
final class PutOff {
    private final Consumer<byte[], byte[]> consumer;
    private final Duration rest;
    private final Clock clock;
    private final Map<TopicPartition, Waiting> waiting = new HashMap<>();

    private record Waiting(long offset, Instant since, Instant until) {}

    PutOff(Consumer<byte[], byte[]> consumer, Duration rest, Clock clock) {
        this.consumer = consumer;
        this.rest = rest;
        this.clock = clock;
    }

    /** How long ago the record was put off first; zero when it was not. */
    Duration waited(ConsumerRecord<byte[], byte[]> record) {
        Waiting first = waiting.get(partition(record));
        return first == null || first.offset() != record.offset()
                ? Duration.ZERO
                : Duration.between(first.since(), clock.instant());
    }

    /** The next poll after the rest gives the record again; true when it was put off for the first time. */
    boolean add(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = partition(record);
        Instant now = clock.instant();
        Waiting before = waiting.get(partition);
        boolean isFirst = before == null || before.offset() != record.offset();
        waiting.put(partition, new Waiting(record.offset(), isFirst ? now : before.since(), now.plus(rest)));
        consumer.seek(partition, record.offset());
        consumer.pause(List.of(partition));
        return isFirst;
    }

    /** To be called before each poll. */
    void resumeDue() {
        Instant now = clock.instant();
        Set<TopicPartition> own = consumer.assignment();
        waiting.forEach((partition, rested) -> {
            // Others have the partitions that went to another member meanwhile.
            if (own.contains(partition) && !now.isBefore(rested.until())) {
                consumer.resume(List.of(partition));
            }
        });
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
