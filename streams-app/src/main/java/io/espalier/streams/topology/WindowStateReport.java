package io.espalier.streams.topology;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.StateSize;
import io.espalier.streams.metrics.ModelStateMeters;
import io.espalier.streams.metrics.ModelStateMeters.Bytes;
import io.espalier.streams.store.PaneStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Tells the metrics what the windows of each version take, on a timer. A node of its own beside the one that counts, since
 * only the stream thread of a task may look into its store; no record comes by here.
 */
final class WindowStateReport extends ContextualProcessor<Object, Object, Void, Void> {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** A look walks through all panes: so many times as long as it took, none follows. */
    private static final long SELDOM = 100;

    /** Not the time of a clock: a machine that swaps must not silence it for a quarter of an hour. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final int windowPanes;
    private final ModelStateMeters meters;
    private PaneStore store;
    private long notBeforeMs;

    /** {@code windowPanes}: of a full window. */
    WindowStateReport(int windowPanes, ModelStateMeters meters) {
        this.windowPanes = windowPanes;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        store = context.getStateStore(OverlapTopology.PANES);
        context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::report);
    }

    @Override
    public void process(Record<Object, Object> none) {
        throw new IllegalStateException("records are counted elsewhere");
    }

    @Override
    public void close() {
        meters.holds(task(), Map.of());
    }

    private void report(long nowMs) {
        if (nowMs < notBeforeMs) {
            return;
        }
        long start = CPU.getCurrentThreadCpuTime();
        Map<VersionKey, Bytes> versions = new HashMap<>();
        store.writtenBytes()
                .forEach((shard, written) ->
                        versions.merge(shard.versionKey(), new Bytes(most(shard), written), Bytes::plus));
        meters.holds(task(), versions);
        notBeforeMs = nowMs
                + SELDOM
                        * Duration.ofNanos(CPU.getCurrentThreadCpuTime() - start)
                                .toMillis();
    }

    private long most(ShardKey shard) {
        Map.Entry<Long, PaneStatistics> newest = store.panes(shard).lastEntry();
        return newest == null ? 0 : StateSize.window(newest.getValue(), windowPanes);
    }

    private String task() {
        return context().taskId().toString();
    }
}
