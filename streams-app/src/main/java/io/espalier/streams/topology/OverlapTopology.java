package io.espalier.streams.topology;

import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.store.PaneStoreBuilder;
import io.espalier.streams.store.StateBudget;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/** Activations in, live overlap state per shard and pane, expressiveness out; what cannot be counted, dead-lettered. */
public final class OverlapTopology implements Supplier<Topology> {
    static final String PANES = "panes";
    static final String EXPRESSIVENESS = "expressiveness";
    static final String DEAD_LETTERS = "dead-letters";
    private static final String ACTIVATIONS = "activations";
    private static final String OVERLAP = "overlap";
    private static final String WINDOW_STATE = "window-state";

    private final Topics topics;
    private final WindowSettings settings;
    private final StateBudget budget;
    private final Map<String, String> changelog;
    private final ActivationMeters activations;
    private final DeadLetterMeters deadLetters;
    private final ThreadLocal<PublishRounds> rounds;

    /**
     * Makes no topology yet.
     *
     * @param budget shared by all tasks of the instance
     * @param changelog settings of the changelog topic of the panes
     */
    public OverlapTopology(
            Topics topics,
            WindowSettings settings,
            StateBudget budget,
            Map<String, String> changelog,
            ActivationMeters activations,
            DeadLetterMeters deadLetters) {
        this.topics = topics;
        this.settings = settings;
        this.budget = budget;
        this.changelog = Map.copyOf(changelog);
        this.activations = activations;
        this.deadLetters = deadLetters;
        this.rounds = ThreadLocal.withInitial(() -> new PublishRounds(settings.publishInterval()));
    }

    @Override
    public Topology get() {
        // Raw bytes in: a deserialiser that throws would take the record out of our hands.
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        ACTIVATIONS,
                        new EventTime(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.activations())
                .addProcessor(OVERLAP, this::countAndScore, ACTIVATIONS)
                .addProcessor(WINDOW_STATE, this::reportState, OVERLAP)
                .addStateStore(new PaneStoreBuilder(PANES, changelog), OVERLAP, WINDOW_STATE)
                .addSink(
                        EXPRESSIVENESS,
                        topics.expressiveness(),
                        new StringSerializer(),
                        CodecSerdes.ofOutput(Codecs.EXPRESSIVENESS, settings.maxMessageBytes())
                                .serializer(),
                        OVERLAP)
                .addSink(
                        DEAD_LETTERS,
                        topics.deadLetters(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        OVERLAP);
    }

    private WindowStateReport reportState() {
        return new WindowStateReport(settings.panes(), activations.state());
    }

    private OverlapProcessor countAndScore() {
        return new OverlapProcessor(settings, budget, rounds, activations, deadLetters);
    }
}
