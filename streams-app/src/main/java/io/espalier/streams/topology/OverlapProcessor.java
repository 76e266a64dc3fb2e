package io.espalier.streams.topology;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.PackedBatch;
import io.espalier.streams.deadletter.RefusedException;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.store.PaneStore;
import io.espalier.streams.store.ShardBudget;
import io.espalier.streams.store.StateBudget;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Counts each batch into its shard's pane; with a commit, scores and publishes the shards that changed, so that a score
 * becomes visible together with the state it is of and waits for nothing else.
 */
final class OverlapProcessor implements Processor<byte[], byte[], Object, Object> {
    private static final Duration RETIREMENT = Duration.ofMinutes(1);

    /** How soon what no commit has published is published, though no record comes. */
    private static final Duration LEFT_OVER = Duration.ofSeconds(1);

    /** Not the time of a clock: a broker that is away for 20 s makes no score dear, and must not silence it for three minutes. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final WindowSettings settings;
    private final ShardBudget budget;
    private final ThreadLocal<PublishRounds> rounds;
    private final BatchReader reader;
    private final ActivationMeters activations;
    private final DeadLetterMeters deadLetters;
    private final Set<ShardKey> unpublished = new LinkedHashSet<>();
    private ProcessorContext<Object, Object> context;
    private ShardWindows windows;
    private long publishedIn;

    /** {@code rounds}: of the thread that asks, shared by its tasks. */
    OverlapProcessor(
            WindowSettings settings,
            StateBudget budget,
            ThreadLocal<PublishRounds> rounds,
            ActivationMeters activations,
            DeadLetterMeters deadLetters) {
        this.settings = settings;
        this.budget = new ShardBudget(budget);
        this.rounds = rounds;
        this.reader = new BatchReader(settings.maxMessageBytes());
        this.activations = activations;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<Object, Object> processorContext) {
        context = processorContext;
        PaneStore store = context.getStateStore(OverlapTopology.PANES);
        windows = new ShardWindows(store, settings, budget, context::currentSystemTimeMs);
        // What was counted and committed just before a crash may not have been published: say all of it once more.
        unpublished.clear();
        unpublished.addAll(store.shards());
        store.startLease();
        publishedIn = 0;
        store.beforeCommit(this::publishWhenDue);
        // A timer that fires makes the task commit.
        context.schedule(LEFT_OVER, PunctuationType.WALL_CLOCK_TIME, nowMs -> store.renewLease());
        context.schedule(RETIREMENT, PunctuationType.WALL_CLOCK_TIME, this::retire);
    }

    @Override
    public void process(Record<byte[], byte[]> received) {
        try {
            PackedBatch batch = reader.read(received.key(), received.value());
            if (windows.count(batch, received.timestamp())) {
                unpublished.add(batch.shard());
                activations.counted(batch.samples());
            } else {
                activations.surplus(batch.samples());
            }
        } catch (RefusedException e) {
            deadLetters.refused(e.reason());
            context.forward(
                    DeadLetters.of(received, context, e).toRecord(settings.maxMessageBytes()),
                    OverlapTopology.DEAD_LETTERS);
        }
    }

    private void publishWhenDue() {
        if (unpublished.isEmpty()) {
            return;
        }
        long nowMs = context.currentSystemTimeMs();
        PublishRounds ofThread = rounds.get();
        long round = ofThread.at(nowMs);
        if (round != publishedIn) {
            publishedIn = round;
            long startNs = CPU.getCurrentThreadCpuTime();
            publish(nowMs);
            ofThread.spent(CPU.getCurrentThreadCpuTime() - startNs);
        }
    }

    private void publish(long nowMs) {
        for (ShardKey shard : unpublished) {
            windows.score(shard)
                    .ifPresent(score -> context.forward(
                            new Record<>(shard.toString(), score, nowMs), OverlapTopology.EXPRESSIVENESS));
        }
        unpublished.clear();
    }

    /** A tombstone for each shard that fell silent: whoever keeps its score forgets it too. */
    private void retire(long nowMs) {
        for (ShardKey shard : windows.forgetSilent()) {
            unpublished.remove(shard);
            context.forward(new Record<>(shard.toString(), null, nowMs), OverlapTopology.EXPRESSIVENESS);
        }
    }

    @Override
    public void close() {
        budget.close();
    }
}
