package io.espalier.streams.store;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.score.PaneStatistics;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.apache.kafka.streams.processor.StateStore;

/**
 * The panes of all shards of a task, kept as live objects: what is changed in place is written once per commit, before
 * the offsets. For the stream thread only.
 */
public interface PaneStore extends StateStore {
    /** Shards that have a pane, restored ones included. */
    Set<ShardKey> shards();

    /**
     * The panes of a shard by their start in milliseconds; empty when it has none. A live view, not to be changed: a
     * pane is changed through {@link #paneForUpdate}.
     */
    NavigableMap<Long, PaneStatistics> panes(ShardKey shard);

    /**
     * The pane to add samples to, which will be written at the next commit; made when it is not there.
     *
     * @param units of the pane when it is made
     * @param positions of the pane when it is made
     */
    PaneStatistics paneForUpdate(ShardKey shard, long startMs, int units, int positions);

    /** The task begins to run, with all its state: from now on {@link #renewLease} is called every second or so. */
    void startLease();

    /**
     * Says that the thread is alive.
     *
     * @throws org.apache.kafka.streams.errors.TaskMigratedException when it stood still for so long that another may have its
     *     tasks, and brokers would not keep it from writing
     */
    void renewLease();

    /** Of each shard, the bytes of its panes as they were last written, with their keys. */
    Map<ShardKey, Long> writtenBytes();

    /**
     * Has something done at each commit, before the changed panes are written: what it forwards is part of that commit.
     * To be called while a processor is initialised, as which it is done.
     */
    void beforeCommit(Runnable task);

    /** Forgets the panes that start before {@code startMs}. */
    void dropBefore(ShardKey shard, long startMs);
}
