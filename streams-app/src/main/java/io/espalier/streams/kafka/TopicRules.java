package io.espalier.streams.kafka;

import io.espalier.streams.kafka.PlannedTopic.Compaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What is wrong with topics that were there before us, whoever made them. Partitions are free: each topic may have its own
 * number of them.
 */
final class TopicRules {
    private final int maxMessageBytes;
    private final Optional<Short> replication;

    /** {@code replication}: replicas asked for; empty where it is left to the broker. */
    TopicRules(int maxMessageBytes, Optional<Short> replication) {
        this.maxMessageBytes = maxMessageBytes;
        this.replication = replication;
    }

    List<TopicProblem> problems(PlannedTopic planned, ExistingTopic topic) {
        List<TopicProblem> problems = new ArrayList<>(replicas(topic));
        if (topic.isConfigKnown()) {
            messageSize(planned.isWritten(), topic).ifPresent(problems::add);
            cleanup(planned, topic).ifPresent(problems::add);
            retention(planned, topic).ifPresent(problems::add);
        }
        return problems;
    }

    /** Of any topic, internal ones included. */
    List<TopicProblem> replicas(ExistingTopic topic) {
        List<TopicProblem> problems = new ArrayList<>();
        if (replication.isPresent() && topic.replication() < replication.get()) {
            problems.add(new TopicProblem(
                    false,
                    topic.name(),
                    "replication",
                    String.valueOf(topic.replication()),
                    String.valueOf(replication.get()),
                    "fewer brokers may be lost than espalier.topics.replication says",
                    "kafka-reassign-partitions.sh, or set espalier.topics.replication=" + topic.replication()));
        }
        if (topic.isConfigKnown() && topic.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG) > topic.replication()) {
            problems.add(TopicProblem.ofConfig(
                    true,
                    topic,
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    String.valueOf(topic.replication()),
                    "with " + topic.replication() + " replicas no record is ever acknowledged"));
        }
        return problems;
    }

    /** Of any topic, internal ones included; {@code isWritten} by us. */
    Optional<TopicProblem> messageSize(boolean isWritten, ExistingTopic topic) {
        if (topic.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG) >= maxMessageBytes) {
            return Optional.empty();
        }
        return Optional.of(TopicProblem.ofConfig(
                isWritten,
                topic,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(maxMessageBytes),
                (isWritten ? "a record that it refuses stops the stream" : "it may refuse what publishers send")
                        + ", and espalier.topics.max-message-bytes could be lowered instead"));
    }

    private static Optional<TopicProblem> cleanup(PlannedTopic planned, ExistingTopic topic) {
        boolean needsCompaction = planned.compaction() == Compaction.NEEDED;
        if (needsCompaction && (!topic.isCompacted() || topic.isDeleted())) {
            return cleanupProblem(true, planned, topic, "records older than its retention would be forgotten");
        }
        if (planned.compaction() == Compaction.LOSES && topic.isCompacted()) {
            return cleanupProblem(true, planned, topic, "compaction loses records, or refuses those without a key");
        }
        boolean shouldCompact = planned.cleanup() != PlannedTopic.Cleanup.DELETE;
        boolean shouldDelete = planned.cleanup() != PlannedTopic.Cleanup.COMPACT;
        return topic.isCompacted() == shouldCompact && topic.isDeleted() == shouldDelete
                ? Optional.empty()
                : cleanupProblem(false, planned, topic, "it keeps more or fewer records than others rely on");
    }

    private static Optional<TopicProblem> cleanupProblem(
            boolean isFatal, PlannedTopic planned, ExistingTopic topic, String because) {
        return Optional.of(TopicProblem.ofConfig(
                isFatal,
                topic,
                TopicConfig.CLEANUP_POLICY_CONFIG,
                planned.cleanup().policy(),
                because));
    }

    private static Optional<TopicProblem> retention(PlannedTopic planned, ExistingTopic topic) {
        double retentionMs = topic.number(TopicConfig.RETENTION_MS_CONFIG);
        boolean isShort = planned.retention()
                .map(Duration::toMillis)
                .filter(needed -> retentionMs < needed)
                .isPresent();
        if (!isShort || !topic.isDeleted() || retentionMs < 0) {
            return Optional.empty();
        }
        return Optional.of(TopicProblem.ofConfig(
                false,
                topic,
                TopicConfig.RETENTION_MS_CONFIG,
                String.valueOf(planned.retention().get().toMillis()),
                "what is not read in that time is lost"));
    }
}
