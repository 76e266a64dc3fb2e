package io.espalier.benchmarks.topology;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.ActivationBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The same scores as Kafka's own documentation would have one write them: group by key, window, aggregate with a serde.
 * Store, cache and cadence of results are Kafka's defaults: RocksDB, 10 MiB, at commit. A result is the scores of one pane, and
 * nothing else that our records say.
 */
final class ObviousTopology implements Supplier<Topology> {
    private final Topics topics;
    private final Duration pane;
    private final int panes;
    private final Map<String, String> changelog;
    private final boolean scored;

    /** {@code scored}: whether scores are computed and sent. */
    ObviousTopology(Topics topics, Duration pane, int panes, Map<String, String> changelog, boolean scored) {
        this.topics = topics;
        this.pane = pane;
        this.panes = panes;
        this.changelog = Map.copyOf(changelog);
        this.scored = scored;
    }

    @Override
    public Topology get() {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<ActivationBatch> batches = Serdes.serdeFrom(
                (topic, batch) -> batch.toByteArray(), (topic, bytes) -> bytes == null ? null : batch(bytes));
        Serde<IntCounts> statistics = Serdes.serdeFrom(
                (topic, state) -> state == null ? null : state.toBytes(),
                (topic, bytes) -> bytes == null ? null : IntCounts.fromBytes(bytes));
        Serde<double[]> scores = Serdes.serdeFrom((topic, score) -> bytes(score), (topic, bytes) -> scores(bytes));
        KTable<Windowed<String>, IntCounts> counted = builder.stream(
                        topics.activations(),
                        Consumed.with(Serdes.String(), batches).withOffsetResetPolicy(AutoOffsetReset.earliest()))
                .groupByKey(Grouped.with(Serdes.String(), batches))
                .windowedBy(TimeWindows.ofSizeAndGrace(pane, pane.multipliedBy(panes - 1L)))
                .aggregate(
                        () -> null,
                        ObviousTopology::add,
                        Materialized.<String, IntCounts, WindowStore<Bytes, byte[]>>as("panes")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(statistics)
                                .withLoggingEnabled(changelog));
        if (scored) {
            counted.toStream()
                    .map(ObviousTopology::score)
                    .to(topics.expressiveness(), Produced.with(Serdes.String(), scores));
        }
        return builder.build();
    }

    private static IntCounts add(String key, ActivationBatch batch, IntCounts sum) {
        IntCounts pane = sum == null ? new IntCounts(batch.getUnits(), batch.getPositions()) : sum;
        pane.add(batch);
        return pane;
    }

    private static KeyValue<String, double[]> score(Windowed<String> window, IntCounts sum) {
        return KeyValue.pair(window.key(), sum.scores());
    }

    private static byte[] bytes(double[] scores) {
        ByteBuffer out = ByteBuffer.allocate(scores.length * Double.BYTES);
        out.asDoubleBuffer().put(scores);
        return out.array();
    }

    private static double[] scores(byte[] bytes) {
        double[] scores = new double[bytes.length / Double.BYTES];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(scores);
        return scores;
    }

    private static ActivationBatch batch(byte[] bytes) {
        try {
            return ActivationBatch.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new SerializationException("not an activation batch", e);
        }
    }
}
