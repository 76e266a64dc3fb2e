package io.espalier.streams.topology;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.PackedBatch;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.score.ClosedPanes;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.StateSize;
import io.espalier.protocol.score.WindowRecord;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.deadletter.RefusedException;
import io.espalier.streams.store.PaneStore;
import io.espalier.streams.store.ShardBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongSupplier;

/**
 * The windows of the shards of a task. Each shard has its own event time: its window ends with the newest pane it has
 * seen, so that a shard without traffic keeps what it knows.
 */
final class ShardWindows {
    /** How far the clocks of two machines may be apart. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final PaneStore store;
    private final WindowSettings settings;
    private final ShardBudget budget;
    private final LongSupplier clock;
    private final Map<ShardKey, Closed> closed = new HashMap<>();

    /**
     * Counts in what was restored.
     *
     * @param clock milliseconds since the epoch
     */
    ShardWindows(PaneStore store, WindowSettings settings, ShardBudget budget, LongSupplier clock) {
        this.store = store;
        this.settings = settings;
        this.budget = budget;
        this.clock = clock;
        for (ShardKey shard : store.shards()) {
            PaneStatistics pane = store.panes(shard).lastEntry().getValue();
            budget.restored(shard, StateSize.window(pane, settings.panes()));
        }
    }

    /** Counts a batch; false when its pane is full, and its samples say nothing that the pane does not know. */
    boolean count(PackedBatch batch, long eventMs) throws RefusedException {
        requireNotAhead(eventMs);
        ShardKey shard = batch.shard();
        long start = settings.paneStart(eventMs);
        NavigableMap<Long, PaneStatistics> panes = store.panes(shard);
        if (!panes.isEmpty()) {
            requireSameShape(panes.lastEntry().getValue(), batch);
            requireOpen(start, panes.lastKey());
        }
        requireBudget(shard, batch);
        PaneStatistics there = panes.get(start);
        if (there != null && !there.hasRoomFor(batch.samples())) {
            return false;
        }
        store.paneForUpdate(shard, start, batch.units(), batch.positions()).add(batch);
        store.dropBefore(shard, settings.windowStart(panes.lastKey()));
        return true;
    }

    /** Forgets the shards that have been silent for too long, and returns them. */
    List<ShardKey> forgetSilent() {
        long now = clock.getAsLong();
        List<ShardKey> silent = store.shards().stream()
                .filter(shard -> settings.isForgotten(store.panes(shard).lastKey(), now))
                .toList();
        for (ShardKey shard : silent) {
            store.dropBefore(shard, Long.MAX_VALUE);
            budget.release(shard);
            closed.remove(shard);
        }
        return silent;
    }

    /** The score of a shard's window; empty when it has no pane. */
    Optional<Expressiveness> score(ShardKey shard) {
        NavigableMap<Long, PaneStatistics> panes = store.panes(shard);
        if (panes.isEmpty()) {
            return Optional.empty();
        }
        Window window =
                new Window(panes.firstKey(), panes.lastKey() + settings.pane().toMillis(), panes.size());
        Map.Entry<Long, PaneStatistics> newest = panes.lastEntry();
        return Optional.of(closed(shard, panes.headMap(newest.getKey(), false))
                .map(earlier -> earlier.with(newest.getValue(), shard, window))
                .orElseGet(() -> new WindowRecord(panes.values()).of(shard, window)));
    }

    /** Taken together anew when a pane was closed or dropped, or a late batch came. */
    private Optional<ClosedPanes> closed(ShardKey shard, SortedMap<Long, PaneStatistics> earlier) {
        if (earlier.isEmpty()) {
            closed.remove(shard);
            return Optional.empty();
        }
        long samples = earlier.values().stream()
                .mapToLong(pane -> pane.counters().samples())
                .sum();
        Closed known = closed.get(shard);
        if (known == null || !known.isOf(earlier, samples)) {
            known = new Closed(earlier.firstKey(), earlier.lastKey(), samples, ClosedPanes.of(earlier.values()));
            closed.put(shard, known);
        }
        return known.panes();
    }

    /** Which panes were taken together: a batch more in one of them is samples more. */
    private record Closed(long firstStart, long lastStart, long samples, Optional<ClosedPanes> panes) {
        boolean isOf(SortedMap<Long, PaneStatistics> earlier, long found) {
            return samples == found && firstStart == earlier.firstKey() && lastStart == earlier.lastKey();
        }
    }

    private static void requireSameShape(PaneStatistics pane, PackedBatch batch) throws RefusedException {
        if (!pane.fits(batch)) {
            OverlapCounters counters = pane.counters();
            throw new RefusedException(
                    Reason.SHAPE_MISMATCH,
                    "a batch of " + batch.units() + " units of " + batch.positions()
                            + " positions, where the shard has " + counters.units() + " of " + counters.positions()
                            + ": give a changed model a new version");
        }
    }

    /** One batch from the future would end the window there: all before it would be dropped, and all after it be late. */
    private void requireNotAhead(long eventMs) throws RefusedException {
        long latest = clock.getAsLong() + CLOCK_SKEW.toMillis();
        if (eventMs > latest) {
            throw new RefusedException(
                    Reason.EARLY,
                    "event of " + Instant.ofEpochMilli(eventMs) + ", more than " + CLOCK_SKEW
                            + " ahead of the clock here: set the publisher's clock");
        }
    }

    private void requireOpen(long start, long newest) throws RefusedException {
        long earliest = settings.earliestOpen(newest);
        if (start < earliest) {
            throw new RefusedException(
                    Reason.LATE,
                    "event of " + Instant.ofEpochMilli(start) + ", before the earliest pane that is open, of "
                            + Instant.ofEpochMilli(earliest));
        }
    }

    private void requireBudget(ShardKey shard, PackedBatch batch) throws RefusedException {
        long bytes = StateSize.window(
                batch.units(), batch.positions(), batch.products().remaining(), settings.panes());
        if (!budget.admits(shard, bytes)) {
            throw new RefusedException(
                    Reason.OVER_BUDGET,
                    "the window of shard '" + shard + "' may take " + bytes + " bytes, and of the " + budget.limit()
                            + " of espalier.state.max-bytes fewer are left: raise it and the heap, lower"
                            + " espalier.window.panes, or start another instance");
        }
    }
}
