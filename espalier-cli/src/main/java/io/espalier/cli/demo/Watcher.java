package io.espalier.cli.demo;

import io.espalier.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads all committed records of the demo's topics, from their beginning, into an {@link Observed}. */
final class Watcher implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile Map<TopicPartition, Long> read = Map.of();
    private volatile Map<TopicPartition, Long> end = Map.of();

    /** Starts at once; the topics must exist. */
    Watcher(String bootstrapServers, Topics topics, Observed observed) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        thread = new Thread(() -> run(topics, observed), "demo-watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether all that was committed at some moment after this call began has been read; waits a little for it. */
    boolean hasReadAll() throws InterruptedException {
        // The second look at the end begins after this call did.
        for (int look = 0; look < 2; look++) {
            Map<TopicPartition, Long> before = end;
            for (int wait = 0; wait < 100 && end == before; wait++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        return end.equals(read);
    }

    private void run(Topics topics, Observed observed) {
        try (consumer) {
            Set<TopicPartition> partitions = List.of(
                            topics.activations(), topics.expressiveness(), topics.recommendations(), topics.versions())
                    .stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .collect(Collectors.toSet());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!stopped) {
                consumer.poll(Duration.ofMillis(100)).forEach(observed::accept);
                Map<TopicPartition, Long> positions =
                        partitions.stream().collect(Collectors.toMap(p -> p, consumer::position));
                end = consumer.endOffsets(partitions);
                read = positions;
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
