package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.process.Cluster;
import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Publishes batches, reads the scores as any consumer would, committed ones only, and takes the time from each batch to the
 * first score that has its samples in it: a score says how many samples it is of. Runs once.
 */
final class LatencyProbe {
    private static final String MODEL = "model";

    /** What the sidecar's producer waits. */
    private static final long LINGER_MS = 5;

    private final Cluster cluster;
    private final String prefix;
    private final Workload workload;
    private final Map<String, Deque<Sent>> waiting = new ConcurrentHashMap<>();
    private final List<Double> latenciesMs = new ArrayList<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private long scoredMeanwhile;
    private volatile long measuredFromNanos = Long.MAX_VALUE;
    private volatile long measuredToNanos = Long.MAX_VALUE;
    private volatile boolean ended;

    LatencyProbe(Cluster cluster, String prefix, Workload workload) {
        this.cluster = cluster;
        this.prefix = prefix;
        this.workload = workload;
    }

    /**
     * Publishes as fast as the broker takes it, in a service that is used once and then thrown away with its backlog.
     *
     * @param warmUpMs what is scored in this time is not measured
     * @return batches a second that were scored meanwhile
     */
    double saturate(long warmUpMs, long measuredMs) throws InterruptedException {
        Thread reader = startReader();
        publish(Double.POSITIVE_INFINITY, warmUpMs, measuredMs);
        end(reader);
        return scoredMeanwhile / (measuredMs / 1e3);
    }

    /**
     * Publishes at a steady rate.
     *
     * @param recordsPerSecond batches to publish, over all layers
     * @param warmUpMs batches published in this time are not measured
     * @return milliseconds of each batch
     */
    List<Double> measure(double recordsPerSecond, long warmUpMs, long measuredMs) throws InterruptedException {
        Thread reader = startReader();
        publish(recordsPerSecond, warmUpMs, measuredMs);
        // What is not scored yet when publishing ends is scored in the next interval or two.
        long patience = System.nanoTime() + 10_000_000_000L;
        while (anyWaits() && System.nanoTime() < patience) {
            Thread.sleep(10);
        }
        end(reader);
        if (anyWaits()) {
            throw new IllegalStateException("batches were published and not scored");
        }
        return latenciesMs;
    }

    private Thread startReader() {
        Thread reader = new Thread(this::read, "scores");
        reader.start();
        return reader;
    }

    private void end(Thread reader) throws InterruptedException {
        ended = true;
        reader.join();
        if (failure.get() != null) {
            throw new IllegalStateException("batches could not be published, or their scores not read", failure.get());
        }
    }

    private void publish(double recordsPerSecond, long warmUpMs, long measuredMs) {
        String topic = new Topics(prefix).activations();
        byte[][] keys = new byte[workload.layers()][];
        byte[][][] values = new byte[workload.layers()][][];
        long[] samples = new long[workload.layers()];
        for (int layer = 0; layer < keys.length; layer++) {
            keys[layer] = workload.key(MODEL, layer);
            values[layer] = workload.values(MODEL, layer);
            waiting.put(workload.shard(MODEL, layer).toString(), new ArrayDeque<>());
        }
        long start = System.nanoTime();
        measuredFromNanos = start + warmUpMs * 1_000_000;
        measuredToNanos = measuredFromNanos + measuredMs * 1_000_000;
        try (KafkaProducer<byte[], byte[]> producer = ActivationsTopic.producer(cluster, LINGER_MS)) {
            for (long record = 0; failure.get() == null; record++) {
                // Held back, a batch is measured from when it should have been sent.
                long due = Double.isInfinite(recordsPerSecond)
                        ? System.nanoTime()
                        : start + (long) (record * 1e9 / recordsPerSecond);
                if (due >= measuredToNanos) {
                    break;
                }
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                int layer = (int) (record % keys.length);
                samples[layer] += workload.samples();
                add(waiting.get(workload.shard(MODEL, layer).toString()), new Sent(samples[layer], due));
                byte[] value = values[layer][(int) (record / keys.length % values[layer].length)];
                var unused = producer.send(
                        new ProducerRecord<>(topic, null, System.currentTimeMillis(), keys[layer], value),
                        (sent, failed) -> failure.compareAndSet(null, failed));
            }
        }
    }

    private void read() {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrap(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(new Topics(prefix).expressiveness(), 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!ended) {
                for (ConsumerRecord<String, byte[]> score : consumer.poll(Duration.ofMillis(100))) {
                    scored(score.key(), Codecs.EXPRESSIVENESS.decode(score.value()), System.nanoTime());
                }
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void scored(String shard, Expressiveness score, long nowNanos) {
        Deque<Sent> sent = waiting.get(shard);
        synchronized (sent) {
            while (!sent.isEmpty() && sent.peekFirst().samples() <= score.samples()) {
                long dueNanos = sent.removeFirst().dueNanos();
                if (nowNanos >= measuredFromNanos && nowNanos < measuredToNanos) {
                    scoredMeanwhile++;
                }
                if (dueNanos >= measuredFromNanos) {
                    latenciesMs.add((nowNanos - dueNanos) / 1e6);
                }
            }
        }
    }

    private static void add(Deque<Sent> sent, Sent one) {
        synchronized (sent) {
            sent.addLast(one);
        }
    }

    private boolean anyWaits() {
        return waiting.values().stream().anyMatch(left -> !isEmpty(left));
    }

    private static boolean isEmpty(Deque<Sent> sent) {
        synchronized (sent) {
            return sent.isEmpty();
        }
    }

    /**
     * A batch.
     *
     * @param samples of its layer, with its own
     * @param dueNanos when it was to be sent
     */
    private record Sent(long samples, long dueNanos) {}
}
