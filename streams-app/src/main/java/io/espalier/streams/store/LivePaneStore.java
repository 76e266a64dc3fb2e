package io.espalier.streams.store;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.score.PaneStatistics;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * Live panes over a logged store of bytes. With {@link CommitTask} the only class that touches Kafka's internal packages.
 *
 * <p>Changed panes are written in {@link #flushCache}, the one hook that a task calls before it flushes its producer and
 * commits its offsets. {@code commit(offsets)} comes after them, and under exactly-once not at all while the task runs:
 * what is written there is lost with the process, and nothing but a kill on a real broker shows it.
 */
final class LivePaneStore implements PaneStore, CachedStateStore<Bytes, byte[]> {
    private final KeyValueStore<Bytes, byte[]> written;
    private final Map<ShardKey, NavigableMap<Long, PaneStatistics>> live = new HashMap<>();
    private final Set<PaneKey> changed = new HashSet<>();
    private Lease lease = Lease.of(Map.of(), Lease.Moment::now);
    private InternalProcessorContext<?, ?> context;
    private Runnable beforeCommit = () -> {};

    /**
     * Takes over a store of bytes.
     *
     * @param written logged and uncached; owned by this store
     */
    LivePaneStore(KeyValueStore<Bytes, byte[]> written) {
        this.written = written;
    }

    @Override
    public Set<ShardKey> shards() {
        Set<ShardKey> shards = new HashSet<>(live.keySet());
        try (KeyValueIterator<Bytes, byte[]> all = written.all()) {
            all.forEachRemaining(entry -> shards.add(PaneKey.parse(entry.key).shard()));
        }
        shards.removeIf(shard -> panes(shard).isEmpty());
        return shards;
    }

    @Override
    public NavigableMap<Long, PaneStatistics> panes(ShardKey shard) {
        return Collections.unmodifiableNavigableMap(livePanes(shard));
    }

    @Override
    public PaneStatistics paneForUpdate(ShardKey shard, long startMs, int units, int positions) {
        changed.add(new PaneKey(shard, startMs));
        return livePanes(shard).computeIfAbsent(startMs, start -> PaneStatistics.create(units, positions));
    }

    @Override
    public Map<ShardKey, Long> writtenBytes() {
        Map<ShardKey, Long> bytes = new HashMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = written.all()) {
            all.forEachRemaining(entry -> bytes.merge(
                    PaneKey.parse(entry.key).shard(), (long) entry.key.get().length + entry.value.length, Long::sum));
        }
        return bytes;
    }

    @Override
    public void beforeCommit(Runnable task) {
        beforeCommit = new CommitTask(context, context.currentNode(), task);
    }

    @Override
    public void dropBefore(ShardKey shard, long startMs) {
        NavigableMap<Long, PaneStatistics> old = livePanes(shard).headMap(startMs, false);
        old.keySet().forEach(start -> changed.add(new PaneKey(shard, start)));
        old.clear();
    }

    @Override
    public void startLease() {
        lease.start();
    }

    @Override
    public void renewLease() {
        lease.renew();
    }

    @Override
    public void flushCache() {
        lease.renew();
        beforeCommit.run();
        // Scores take their time, after a restart those of all shards.
        lease.renew();
        for (PaneKey key : changed) {
            PaneStatistics pane = livePanes(key.shard()).get(key.startMs());
            // A null is a tombstone: the pane left the window.
            written.put(key.toBytes(), pane == null ? null : pane.toBytes());
        }
        changed.clear();
        // Shards that were asked about and are not counted, and those that were forgotten.
        live.values().removeIf(Map::isEmpty);
    }

    @Override
    public void clearCache() {
        live.clear();
        changed.clear();
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<Bytes, byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return written.name();
    }

    @Override
    public void init(StateStoreContext storeContext, StateStore root) {
        clearCache();
        context = (InternalProcessorContext<?, ?>) storeContext;
        beforeCommit = () -> {};
        lease = Lease.of(storeContext.appConfigs(), Lease.Moment::now);
        written.init(storeContext, root);
    }

    @Override
    public void commit(Map<TopicPartition, Long> offsets) {
        written.commit(offsets);
    }

    @Override
    public void close() {
        clearCache();
        written.close();
    }

    @Override
    public boolean persistent() {
        return written.persistent();
    }

    @Override
    public boolean isOpen() {
        return written.isOpen();
    }

    private NavigableMap<Long, PaneStatistics> livePanes(ShardKey shard) {
        return live.computeIfAbsent(shard, this::restored);
    }

    private NavigableMap<Long, PaneStatistics> restored(ShardKey shard) {
        NavigableMap<Long, PaneStatistics> panes = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> stored = written.range(
                PaneKey.first(shard).toBytes(), PaneKey.last(shard).toBytes())) {
            stored.forEachRemaining(
                    entry -> panes.put(PaneKey.parse(entry.key).startMs(), PaneStatistics.fromBytes(entry.value)));
        }
        return panes;
    }
}
