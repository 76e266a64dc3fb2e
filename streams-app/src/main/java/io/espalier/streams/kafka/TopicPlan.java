package io.espalier.streams.kafka;

import io.espalier.protocol.Topics;
import io.espalier.streams.kafka.PlannedTopic.Cleanup;
import io.espalier.streams.kafka.PlannedTopic.Compaction;
import io.espalier.streams.settings.StreamsSettings.TopicSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics of an installation, with the settings they need. */
public final class TopicPlan {
    private static final boolean WRITTEN = true;

    private final TopicSettings settings;
    private final Topics topics;

    public TopicPlan(TopicSettings settings) {
        this.settings = settings;
        this.topics = new Topics(settings.prefix());
    }

    /** Every topic under the prefix that is ours, whoever writes it. */
    public List<String> names() {
        return topics().stream().map(PlannedTopic::name).toList();
    }

    List<PlannedTopic> topics() {
        return List.of(
                // Batches of a shard have one key: compaction would take those that were not counted yet.
                deleted(topics.activations(), Duration.ofHours(6), !WRITTEN, Compaction.LOSES),
                compacted(topics.models(), !WRITTEN),
                new PlannedTopic(
                        topics.expressiveness(),
                        Cleanup.COMPACT_AND_DELETE,
                        Optional.of(Duration.ofDays(7)),
                        WRITTEN,
                        Compaction.HARMLESS),
                compacted(topics.policies(), !WRITTEN),
                deleted(topics.recommendations(), Duration.ofDays(90), WRITTEN, Compaction.HARMLESS),
                compacted(topics.versions(), WRITTEN),
                compacted(topics.control(), WRITTEN),
                deleted(topics.regrets(), Duration.ofDays(90), WRITTEN, Compaction.HARMLESS),
                deleted(topics.inputs(), Duration.ofHours(1), !WRITTEN, Compaction.HARMLESS),
                // What was received without a key is sent on without one, which a compacted topic refuses.
                deleted(topics.deadLetters(), Duration.ofDays(7), WRITTEN, Compaction.LOSES));
    }

    NewTopic newTopic(PlannedTopic topic) {
        return topic.toNewTopic(settings.partitions(), replication(), settings.maxMessageBytes());
    }

    /** Empty where it is left to the broker. */
    Optional<Short> replication() {
        return settings.replication() == -1 ? Optional.empty() : Optional.of(settings.replication());
    }

    int maxMessageBytes() {
        return settings.maxMessageBytes();
    }

    private static PlannedTopic compacted(String name, boolean isWritten) {
        return new PlannedTopic(name, Cleanup.COMPACT, Optional.empty(), isWritten, Compaction.NEEDED);
    }

    private static PlannedTopic deleted(String name, Duration retention, boolean isWritten, Compaction compaction) {
        return new PlannedTopic(name, Cleanup.DELETE, Optional.of(retention), isWritten, compaction);
    }
}
