package io.espalier.streams.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What is wrong with changelog and repartition topics that an earlier run made. Their settings are ours alone, so that they
 * can be set anew; their partitions are what state was counted by, and cannot.
 */
final class InternalTopicRules {
    private final Map<String, String> changelog;
    private final TopicRules common;

    /** {@code changelog}: settings that a changelog topic is made with. */
    InternalTopicRules(Map<String, String> changelog, TopicRules common) {
        this.changelog = Map.copyOf(changelog);
        this.common = common;
    }

    List<TopicProblem> problems(ExistingTopic topic, int partitions) {
        List<TopicProblem> problems = new ArrayList<>(common.replicas(topic));
        if (topic.partitions() != partitions) {
            problems.add(new TopicProblem(
                    true,
                    topic.name(),
                    "partitions",
                    String.valueOf(topic.partitions()),
                    String.valueOf(partitions),
                    "a topic that is read has other partitions than when state was kept by them",
                    "espalier streams reset --config FILE --execute, which counts anew what is still there"));
        }
        return problems;
    }

    /** Settings to set, with which the topic does again what it is for; empty when it does. */
    Map<String, String> mends(ExistingTopic topic) {
        Map<String, String> mends = new TreeMap<>();
        if (!topic.isConfigKnown()) {
            return mends;
        }
        common.messageSize(true, topic).ifPresent(problem -> mends.put(problem.setting(), problem.needed()));
        if (!InternalTopics.isChangelog(topic.name())) {
            return mends;
        }
        if (!topic.isCompacted() || topic.isDeleted()) {
            mends.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        for (String setting : List.of(
                TopicConfig.SEGMENT_BYTES_CONFIG,
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG)) {
            largest(setting)
                    .filter(most -> topic.number(setting) > Double.parseDouble(most))
                    .ifPresent(most -> mends.put(setting, most));
        }
        return mends;
    }

    /** What is larger lets more lie about before it is cleaned; what is smaller may be meant. */
    private Optional<String> largest(String setting) {
        return Optional.ofNullable(changelog.get(setting));
    }

    /** What comes of a mend that we have no right to: {@code isFatal} where state or the stream is at stake. */
    static TopicProblem unmended(ExistingTopic topic, String setting, String needed) {
        boolean isFatal = setting.equals(TopicConfig.CLEANUP_POLICY_CONFIG)
                || setting.equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return TopicProblem.ofConfig(
                isFatal,
                topic,
                setting,
                needed,
                isFatal
                        ? "state would be lost, or a record that is refused would stop the stream"
                        : "what was overwritten takes disk, and time at a restore");
    }
}
