package io.espalier.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.score.PaneStatistics;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LivePaneStoreTest {
    private static final ShardKey ONE = new ShardKey("m", "1", "p", 1);
    private static final ShardKey TEN = new ShardKey("m", "1", "p", 10);
    private static final int UNITS = 3;
    private static final int POSITIONS = 2;

    private final KeyValueStore<Bytes, byte[]> written = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("panes"), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final LivePaneStore store = new LivePaneStore(written);

    @BeforeEach
    void open() {
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>(new Properties());
        store.init(context.getStateStoreContext(), store);
    }

    @Test
    void writesNothingBeforeTheFlushAndAllOfItThen() {
        add(ONE, 0, 2);
        assertThat(written.approximateNumEntries()).isZero();
        store.flushCache();
        assertThat(written.approximateNumEntries()).isEqualTo(1);
    }

    @Test
    void writesOnlyWhatChangedSinceTheLastFlush() {
        add(ONE, 0, 2);
        store.flushCache();
        PaneKey key = new PaneKey(ONE, 0);
        byte[] marker = {1};
        written.put(key.toBytes(), marker);
        store.flushCache();
        assertThat(written.get(key.toBytes())).isEqualTo(marker);
    }

    @Test
    void aStoreOverTheSameBytesGoesOnWhereTheFlushLeftOff() {
        add(ONE, 0, 2);
        add(ONE, 60_000, 3);
        add(TEN, 0, 4);
        store.flushCache();
        add(ONE, 0, 100);

        LivePaneStore restored = new LivePaneStore(written);
        assertThat(restored.shards()).containsExactlyInAnyOrder(ONE, TEN);
        assertThat(samples(restored, ONE)).isEqualTo(Map.of(0L, 2L, 60_000L, 3L));
        assertThat(samples(restored, TEN)).isEqualTo(Map.of(0L, 4L));
        PaneStatistics pane = restored.paneForUpdate(ONE, 0, UNITS, POSITIONS);
        pane.add(batch(ONE, 5));
        restored.flushCache();
        assertThat(samples(new LivePaneStore(written), ONE)).isEqualTo(Map.of(0L, 7L, 60_000L, 3L));
    }

    @Test
    void droppedPanesAreGoneFromTheBytesAfterTheFlush() {
        add(ONE, 0, 2);
        add(ONE, 60_000, 3);
        store.flushCache();
        store.dropBefore(ONE, 60_000);
        assertThat(samples(store, ONE)).isEqualTo(Map.of(60_000L, 3L));
        store.flushCache();
        assertThat(written.get(new PaneKey(ONE, 0).toBytes())).isNull();
        assertThat(samples(new LivePaneStore(written), ONE)).isEqualTo(Map.of(60_000L, 3L));
    }

    @Test
    void clearingForgetsWhatWasNotFlushed() {
        add(ONE, 0, 2);
        store.flushCache();
        add(ONE, 0, 5);
        store.clearCache();
        store.flushCache();
        assertThat(samples(store, ONE)).isEqualTo(Map.of(0L, 2L));
    }

    private void add(ShardKey shard, long startMs, int samples) {
        store.paneForUpdate(shard, startMs, UNITS, POSITIONS).add(batch(shard, samples));
    }

    private static ActivationBatch batch(ShardKey shard, int samples) {
        BatchBuilder builder = new BatchBuilder(
                new ShardKey(shard.model(), shard.version(), shard.capturePoint(), 0), UNITS, POSITIONS, "test");
        for (int sample = 0; sample < samples; sample++) {
            builder.add(new float[] {1, -1, 1, 1, -1, -1}, 0);
        }
        return builder.build();
    }

    private static Map<Long, Long> samples(PaneStore store, ShardKey shard) {
        return store.panes(shard).entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().counters().samples()));
    }
}
