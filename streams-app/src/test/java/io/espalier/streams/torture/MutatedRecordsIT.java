package io.espalier.streams.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.broker.EmbeddedBroker;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.streams.broker.Installation;
import io.espalier.streams.testing.MutatedRecords;
import io.espalier.streams.testing.MutatedRecords.Mutated;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mutated records through the running service on a small heap: 20,000 in a build, for a release {@code
 * -Despalier.mutated.sent=100000}; {@code -Despalier.mutated.seed=} for the same ones again. Every record is counted, left
 * out since its pane is full, or a dead letter, and the sums say so.
 */
final class MutatedRecordsIT {
    private static final Logger LOG = LoggerFactory.getLogger(MutatedRecordsIT.class);
    private static final int RECORDS = Integer.getInteger("espalier.mutated.sent", 20_000);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final long HEAP_BYTES = 96L << 20;
    /** Two of them are more than a pane has room for. */
    private static final int LARGE_BATCH = 40_000;

    private static final int LARGE_BATCHES = 10;

    @TempDir
    private Path directory;

    private Installation installation;
    private MutatedRecords records;

    @Test
    void eachIsCountedOrLeftOutOrADeadLetterOnASmallHeap() throws Exception {
        long seed = Long.getLong("espalier.mutated.seed", System.nanoTime());
        LOG.info("seed {} (repeat with -Despalier.mutated.seed={})", seed, seed);
        records = new MutatedRecords(seed);
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            installation = new Installation(broker.bootstrapServers(), directory);
            try (Instance service = new Instance("service", installation, settings())) {
                service.start("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
                try {
                    await().atMost(LIMIT).until(service::isReady);
                    send();
                    check(service);
                } catch (Throwable e) {
                    LOG.error("the service's log:\n{}", service.logTail());
                    throw e;
                }
            }
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = installation.settings();
        settings.put("espalier.state.max-bytes", Integer.toString(48 << 20));
        // One pane: nothing leaves the window while sums are taken.
        settings.put("espalier.window.pane", "PT24H");
        return settings;
    }

    private void send() throws Exception {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", installation.bootstrapServers, "max.request.size", 8 << 20, "linger.ms", 5);
        long now = Instant.now().toEpochMilli();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            ShardKey full = new ShardKey("full", "1", "layer", 0);
            BatchBuilder builder = new BatchBuilder(full, 1, 1, "test");
            while (sent.size() < RECORDS) {
                if (sent.size() % (RECORDS / LARGE_BATCHES) == 1) {
                    for (int sample = 0; sample < LARGE_BATCH; sample++) {
                        builder.add(new float[] {sample % 3}, 0);
                    }
                    byte[] value = builder.build().toByteArray();
                    sent.add(producer.send(record(now, full.toString().getBytes(UTF_8), value)));
                    continue;
                }
                Mutated record = records.next();
                boolean isEarly = !record.mutation().isHarmless() && sent.size() % 100 == 7;
                long time = isEarly ? now + Duration.ofMinutes(40).toMillis() : now;
                sent.add(producer.send(record(time, record.key(), record.value())));
            }
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    private ProducerRecord<byte[], byte[]> record(long timeMs, byte[] key, byte[] value) {
        return new ProducerRecord<>(installation.topics.activations(), null, timeMs, key, value);
    }

    private void check(Instance service) throws Exception {
        Sums sums = awaitAllDealtWith(service);
        assertThat(sums.surplus()).as("batches for a full pane").isEqualTo(LARGE_BATCHES - 1L);
        assertThat(sums.overBudget()).as("shards beyond the budget").isPositive();

        Outputs outputs = read(sums);
        assertThat(outputs.letters).as("dead letters on the topic").isEqualTo(sums.letters());
        assertThat(outputs.samples()).as("samples of all windows").isEqualTo(sums.samples());
        records.oracles().forEach((shard, oracle) -> {
            Expressiveness score = outputs.scores.get(shard.toString());
            assertThat(score.samples()).as("samples of %s", shard).isEqualTo(oracle.samples());
            assertThat(score.score()).as("scores of %s", shard).containsExactly(oracle.scores());
        });

        service.collectGarbage();
        long heap = service.metrics().sum("jvm_memory_used_bytes{area=\"heap\"");
        LOG.info(
                "{} sent: {}, {} shards, {} MB of heap; {}",
                RECORDS,
                sums,
                outputs.scores.size(),
                heap >> 20,
                records.made());
        assertThat(heap).as("heap in use").isLessThan(HEAP_BYTES);
        assertThat(service.timesSaid("a thread died")).as("dead threads").isZero();
        assertThat(service.isAlive()).isTrue();
    }

    private static Sums awaitAllDealtWith(Instance service) {
        return await("all are dealt with")
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> Sums.of(service.metrics()),
                        sums -> sums.counted() + sums.surplus() + sums.letters() == RECORDS);
    }

    private Outputs read(Sums sums) {
        Outputs outputs = new Outputs();
        String brokers = installation.bootstrapServers;
        try (TopicTail letters = new TopicTail(brokers, installation.topics.deadLetters());
                TopicTail scores = new TopicTail(brokers, installation.topics.expressiveness())) {
            Instant end = Instant.now().plus(LIMIT);
            // One too many would come later than one too few.
            for (int more = 0; more < 10 && Instant.now().isBefore(end); ) {
                letters.poll(letter -> outputs.letters++);
                scores.poll(record -> outputs.add(Codecs.EXPRESSIVENESS.decode(record.value())));
                if (outputs.letters >= sums.letters() && outputs.samples() >= sums.samples()) {
                    more++;
                }
            }
        }
        return outputs;
    }

    /** By the service's own metrics, in records but for the samples. */
    private record Sums(long counted, long surplus, long letters, long overBudget, long early, long samples) {
        static Sums of(Metrics metrics) {
            return new Sums(
                    metrics.sum("espalier_activation_batches_total"),
                    metrics.sum("espalier_activation_samples_surplus_total") / LARGE_BATCH,
                    metrics.sum("espalier_dead_letters_total"),
                    metrics.sum("espalier_dead_letters_total{reason=\"over_budget\"}"),
                    metrics.sum("espalier_dead_letters_total{reason=\"early\"}"),
                    metrics.sum("espalier_activation_samples_total"));
        }
    }

    /** By the topics. */
    private static final class Outputs {
        private final Map<String, Expressiveness> scores = new HashMap<>();
        private long letters;

        void add(Expressiveness score) {
            scores.put(score.key().toString(), score);
        }

        long samples() {
            return scores.values().stream().mapToLong(Expressiveness::samples).sum();
        }
    }
}
