package io.espalier.sidecar.control;

import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic from its beginning and follows it, on a thread of its own. The topic and its broker may be away at
 * start or at any time: sampling is then as it was directed last, until that is too old.
 */
public final class ControlFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlFollower.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    // How soon a topic that was not there is seen, and a broker asked again; and partitions that were added.
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofMinutes(1);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final String topic;
    private final Directives directives;
    private final Complaints complaints;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "espalier-control");
    private volatile KafkaConsumer<byte[], byte[]> following;

    public ControlFollower(KafkaClients clients, String topic, Directives directives, Complaints complaints) {
        this.clients = clients;
        this.topic = topic;
        this.directives = directives;
        this.complaints = complaints;
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!isClosing()) {
                tryToFollow();
                directives.settle(System.currentTimeMillis());
                closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("Interrupted while following {}", topic);
        } catch (RuntimeException e) {
            LOG.error("Sampling directives are not followed any more, requests are still served", e);
        } finally {
            directives.stop();
        }
    }

    /** Returns when Kafka refuses, or it is time to close. */
    private void tryToFollow() throws InterruptedException {
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer = clients.consumer();
            following = consumer;
            follow(consumer);
        } catch (WakeupException e) {
            LOG.debug("Woken up to close");
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            complaints.add("sampling directives cannot be read", e);
        } finally {
            following = null;
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(CLOSE));
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        long lookAt = System.nanoTime();
        while (!isClosing()) {
            if (System.nanoTime() - lookAt >= 0) {
                assign(consumer);
                Duration next = consumer.assignment().isEmpty() ? RETRY : LOOK_FOR_PARTITIONS;
                lookAt = System.nanoTime() + next.toNanos();
            }
            if (consumer.assignment().isEmpty()) {
                closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                consumer.poll(POLL).forEach(this::read);
            }
            directives.settle(System.currentTimeMillis());
        }
    }

    /** All partitions of the topic; those that are new from their beginning. */
    private void assign(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            Set<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .collect(Collectors.toSet());
            Set<TopicPartition> added = new HashSet<>(partitions);
            added.removeAll(consumer.assignment());
            if (!added.isEmpty()) {
                consumer.assign(partitions);
                consumer.seekToBeginning(added);
            }
        } catch (RetriableException e) {
            complaints.add("sampling directives cannot be read yet", e);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> message) {
        // By a clock that is ahead of ours, a directive would stay too long.
        long timestampMs = Math.min(message.timestamp(), System.currentTimeMillis());
        directives.read(message.partition(), message.key(), message.value(), timestampMs);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Returns soon, whether Kafka is there or not. */
    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> consumer = following;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(CLOSE.multipliedBy(3).toMillis());
            thread.interrupt();
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
