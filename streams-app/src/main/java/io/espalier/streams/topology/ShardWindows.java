package io.espalier.streams.topology;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.deadletter.RefusedException;
import io.espalier.streams.store.PaneStore;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
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
    private final LongSupplier clock;

    /** {@code clock}: milliseconds since the epoch. */
    ShardWindows(PaneStore store, WindowSettings settings, LongSupplier clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    void count(ActivationBatch batch, long eventMs) throws RefusedException {
        requireNotAhead(eventMs);
        ShardKey shard = BatchReader.shard(batch);
        long start = settings.paneStart(eventMs);
        NavigableMap<Long, PaneStatistics> panes = store.panes(shard);
        if (!panes.isEmpty()) {
            requireSameShape(panes.lastEntry().getValue(), batch);
            requireInWindow(start, panes.lastKey());
        }
        store.paneForUpdate(shard, start, batch.getUnits(), batch.getPositions())
                .add(batch);
        store.dropBefore(shard, settings.windowStart(panes.lastKey()));
    }

    /** The score of a shard's window; empty when it has no pane. */
    Optional<Expressiveness> score(ShardKey shard) {
        NavigableMap<Long, PaneStatistics> panes = store.panes(shard);
        if (panes.isEmpty()) {
            return Optional.empty();
        }
        Window window =
                new Window(panes.firstKey(), panes.lastKey() + settings.pane().toMillis(), panes.size());
        return Optional.of(new WindowRecord(panes.values()).of(shard, window));
    }

    private static void requireSameShape(PaneStatistics pane, ActivationBatch batch) throws RefusedException {
        if (!pane.fits(batch)) {
            OverlapCounters counters = pane.counters();
            throw new RefusedException(
                    Reason.SHAPE_MISMATCH,
                    "a batch of " + batch.getUnits() + " units of " + batch.getPositions()
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

    private void requireInWindow(long start, long newest) throws RefusedException {
        long windowStart = settings.windowStart(newest);
        if (start < windowStart) {
            throw new RefusedException(
                    Reason.LATE,
                    "event of " + Instant.ofEpochMilli(start) + ", before the window's start at "
                            + Instant.ofEpochMilli(windowStart));
        }
    }
}
