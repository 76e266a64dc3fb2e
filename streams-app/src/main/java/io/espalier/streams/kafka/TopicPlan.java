package io.espalier.streams.kafka;

import io.espalier.protocol.Topics;
import io.espalier.streams.settings.StreamsSettings.TopicSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of an installation, with the settings they need. */
final class TopicPlan {
    private static final String COMPACT = TopicConfig.CLEANUP_POLICY_COMPACT;
    private static final String DELETE = TopicConfig.CLEANUP_POLICY_DELETE;

    private final TopicSettings settings;
    private final Topics topics;

    TopicPlan(TopicSettings settings) {
        this.settings = settings;
        this.topics = new Topics(settings.prefix());
    }

    List<NewTopic> topics() {
        return List.of(
                deleted(topics.activations(), Duration.ofHours(6)),
                compacted(topics.models()),
                topic(topics.expressiveness(), COMPACT + "," + DELETE, Optional.of(Duration.ofDays(7))),
                compacted(topics.policies()),
                deleted(topics.recommendations(), Duration.ofDays(90)),
                compacted(topics.versions()),
                deleted(topics.inputs(), Duration.ofHours(1)),
                deleted(topics.deadLetters(), Duration.ofDays(7)));
    }

    private NewTopic compacted(String name) {
        return topic(name, COMPACT, Optional.empty());
    }

    private NewTopic deleted(String name, Duration retention) {
        return topic(name, DELETE, Optional.of(retention));
    }

    private NewTopic topic(String name, String cleanup, Optional<Duration> retention) {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup);
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(settings.maxMessageBytes()));
        retention.ifPresent(time -> config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis())));
        Optional<Short> replicas =
                settings.replication() == -1 ? Optional.empty() : Optional.of(settings.replication());
        return new NewTopic(name, Optional.of(settings.partitions()), replicas).configs(config);
    }
}
