package io.espalier.streams.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as the brokers have it.
 *
 * @param replication least number of replicas of a partition
 * @param config settings in effect, the brokers' defaults included; empty where we may not read them
 */
record ExistingTopic(String name, int partitions, int replication, Map<String, String> config) {
    boolean isConfigKnown() {
        return !config.isEmpty();
    }

    boolean isCompacted() {
        return cleanup().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /** Whether age or size alone takes records away. */
    boolean isDeleted() {
        boolean isLimited =
                number(TopicConfig.RETENTION_MS_CONFIG) >= 0 || number(TopicConfig.RETENTION_BYTES_CONFIG) >= 0;
        return cleanup().contains(TopicConfig.CLEANUP_POLICY_DELETE) && isLimited;
    }

    String value(String setting) {
        return config.getOrDefault(setting, "");
    }

    /** Numbers of Kafka's topic settings use -1 for no limit. */
    double number(String setting) {
        return Double.parseDouble(config.get(setting));
    }

    private List<String> cleanup() {
        return Arrays.asList(value(TopicConfig.CLEANUP_POLICY_CONFIG).split(",", -1));
    }
}
