package io.espalier.streams.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic of an installation, with the settings it is made with.
 *
 * @param retention of what is deleted by age
 * @param isWritten whether we write it, so that the stream stops where it refuses our records
 * @param compaction what compaction does to it
 */
record PlannedTopic(
        String name, Cleanup cleanup, Optional<Duration> retention, boolean isWritten, Compaction compaction) {
    enum Cleanup {
        COMPACT("compact"),
        DELETE("delete"),
        COMPACT_AND_DELETE("compact,delete");

        private final String policy;

        Cleanup(String policy) {
            this.policy = policy;
        }

        /** As {@code cleanup.policy} has it. */
        String policy() {
            return policy;
        }
    }

    enum Compaction {
        /** What it keeps is the latest of each key, and that is what is read. */
        NEEDED,
        /** Nothing that cannot be done without. */
        HARMLESS,
        /** Takes away records that must be read, or refuses those without a key. */
        LOSES
    }

    NewTopic toNewTopic(int partitions, Optional<Short> replication, int maxMessageBytes) {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        retention.ifPresent(time -> config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis())));
        return new NewTopic(name, Optional.of(partitions), replication).configs(config);
    }
}
