package io.espalier.streams.topology;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.streams.deadletter.RefusedException;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.store.PaneStore;
import io.espalier.streams.store.ShardBudget;
import io.espalier.streams.store.StateBudget;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Counts each batch into its shard's pane; on a timer, scores and publishes the shards that changed. */
final class OverlapProcessor implements Processor<byte[], byte[], Object, Object> {
    private static final Duration RETIREMENT = Duration.ofMinutes(1);

    private final WindowSettings settings;
    private final ShardBudget budget;
    private final BatchReader reader;
    private final ActivationMeters activations;
    private final DeadLetterMeters deadLetters;
    private final Set<ShardKey> unpublished = new LinkedHashSet<>();
    private ProcessorContext<Object, Object> context;
    private ShardWindows windows;

    OverlapProcessor(
            WindowSettings settings, StateBudget budget, ActivationMeters activations, DeadLetterMeters deadLetters) {
        this.settings = settings;
        this.budget = new ShardBudget(budget);
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
        context.schedule(settings.publishInterval(), PunctuationType.WALL_CLOCK_TIME, this::publish);
        context.schedule(RETIREMENT, PunctuationType.WALL_CLOCK_TIME, this::retire);
    }

    @Override
    public void process(Record<byte[], byte[]> received) {
        try {
            ActivationBatch batch = reader.read(received.key(), received.value());
            if (windows.count(batch, received.timestamp())) {
                unpublished.add(BatchReader.shard(batch));
                activations.counted(batch.getSamples());
            } else {
                activations.surplus(batch.getSamples());
            }
        } catch (RefusedException e) {
            deadLetters.refused(e.reason());
            context.forward(
                    DeadLetters.of(received, context, e).toRecord(settings.maxMessageBytes()),
                    OverlapTopology.DEAD_LETTERS);
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
