package io.espalier.benchmarks.growth;

import com.google.protobuf.UnsafeByteOperations;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.store.StateBudget;
import io.espalier.streams.topology.OverlapTopology;
import io.espalier.streams.topology.WindowSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** The overlap topology with its real store, filled; in Kafka's test driver, so that the heap has nothing but its state. */
final class FilledState implements AutoCloseable {
    private static final Duration PANE = Duration.ofMinutes(1);
    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
    private static final String APPLICATION = "growth";

    private final Instant end = Instant.now();
    private final Growth growth;
    private final TopologyTestDriver driver;
    private final TestOutputTopic<byte[], byte[]> changelog;
    private final long heapBefore;
    private long changelogBytes;

    /** Fills it; {@code stateDir} is for Kafka's own files, of which there are hardly any. */
    FilledState(Growth growth, Path stateDir) {
        this.growth = growth;
        Topics topics = new Topics("");
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        DeadLetterMeters deadLetters = new DeadLetterMeters(registry);
        OverlapTopology topology = new OverlapTopology(
                topics,
                new WindowSettings(
                        PANE,
                        growth.panes(),
                        PANE.multipliedBy(growth.panes()),
                        Duration.ofDays(365),
                        PANE,
                        MAX_MESSAGE_BYTES),
                new StateBudget(Long.MAX_VALUE),
                Map.of(),
                new ActivationMeters(registry),
                deadLetters);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
        // Kafka warns of its absence in every run else; its constant is deprecated, as the switch is.
        properties.put("processing.exception.handler.global.enabled", true);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        driver = new TopologyTestDriver(topology.get(), properties, end);
        changelog = driver.createOutputTopic(
                APPLICATION + "-panes-changelog", new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TestInputTopic<byte[], byte[]> activations =
                driver.createInputTopic(topics.activations(), new ByteArraySerializer(), new ByteArraySerializer());
        // One batch before and one after: what the driver needs for itself is no state, nor the last batch it has seen.
        pipeTiny(activations);
        heapBefore = heap();
        fill(activations);
        pipeTiny(activations);
        double refused = registry.find(DeadLetterMeters.DEAD_LETTERS).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
        if (refused > 0) {
            throw new IllegalStateException(refused + " batches of the benchmark's own were refused");
        }
    }

    /** Bytes of keys and values that went to the changelog: each pane was written once. */
    long changelogBytes() {
        return changelogBytes;
    }

    /** What the state added to the heap. */
    long heapBytes() {
        return heap() - heapBefore;
    }

    @Override
    public void close() {
        driver.close();
    }

    private void pipeTiny(TestInputTopic<byte[], byte[]> activations) {
        Growth.Layer tiny = new Growth.Layer(1, 1, 1);
        ShardKey shard = new ShardKey("tiny", "1", "layer", 0);
        byte[] key = shard.toString().getBytes(StandardCharsets.UTF_8);
        activations.pipeInput(key, Codecs.ACTIVATION_BATCH.encode(batch(shard, tiny, 1, new byte[Long.BYTES])), end);
        written();
    }

    private void fill(TestInputTopic<byte[], byte[]> activations) {
        for (int number = 0; number < growth.layers().size(); number++) {
            Growth.Layer layer = growth.layers().get(number);
            byte[] codes = codes(layer);
            for (int model = 0; model < growth.models(); model++) {
                for (int copy = 0; copy < layer.count(); copy++) {
                    ShardKey shard = new ShardKey("model" + model, "1", "layer" + number + "." + copy, 0);
                    byte[] key = shard.toString().getBytes(StandardCharsets.UTF_8);
                    byte[] value = Codecs.ACTIVATION_BATCH.encode(batch(shard, layer, growth.samples(), codes));
                    for (int pane = growth.panes() - 1; pane >= 0; pane--) {
                        activations.pipeInput(key, value, end.minus(PANE.multipliedBy(pane)));
                        changelogBytes += written();
                    }
                }
            }
        }
    }

    /** Bytes that went to the changelog since the last call. */
    private long written() {
        return changelog.readKeyValuesToList().stream()
                .mapToLong(record -> record.key.length + (record.value == null ? 0L : record.value.length))
                .sum();
    }

    /** Half of the bits are set, and those of the first unit always: as many planes as there can be. */
    private byte[] codes(Growth.Layer layer) {
        int bits = layer.units() * layer.positions();
        int sampleBytes = OverlapCounters.wordsPerSample(layer.units(), layer.positions()) * Long.BYTES;
        byte[] codes = new byte[sampleBytes * growth.samples()];
        new SplittableRandom(1).nextBytes(codes);
        for (int start = 0; start < codes.length; start += sampleBytes) {
            codes[start] |= 1;
            for (int bit = bits; bit < 8 * sampleBytes; bit++) {
                codes[start + (bit >>> 3)] &= (byte) ~(1 << (bit & 7));
            }
        }
        return codes;
    }

    private static ActivationBatch batch(ShardKey shard, Growth.Layer layer, int samples, byte[] codes) {
        ActivationBatch.Builder batch = ActivationBatch.newBuilder()
                .setModel(shard.model())
                .setVersion(shard.version())
                .setCapturePoint(shard.capturePoint())
                .setUnits(layer.units())
                .setPositions(layer.positions())
                .setSamples(samples)
                .setCodes(UnsafeByteOperations.unsafeWrap(codes));
        for (int unit = 0; unit < layer.units(); unit++) {
            batch.addSums(unit);
            batch.addSquares(unit);
        }
        return batch.build();
    }

    private static long heap() {
        for (int again = 0; again < 3; again++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
