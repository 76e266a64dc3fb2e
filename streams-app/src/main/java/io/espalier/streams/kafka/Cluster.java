package io.espalier.streams.kafka;

import io.espalier.settings.SettingsException;
import io.espalier.streams.settings.StreamsSettings.TopicSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The Kafka cluster, as its administrator sees it. */
public final class Cluster implements AutoCloseable {
    private static final int START_TIMEOUT_MS = 60_000;

    private final Admin admin;
    private final String bootstrapServers;

    public Cluster(ClientProperties properties) {
        Map<String, Object> common = properties.common();
        admin = Admin.create(common);
        bootstrapServers = String.valueOf(common.get("bootstrap.servers"));
    }

    /**
     * Makes the topics that are missing; those that exist stay as they are.
     *
     * @throws SettingsException when the cluster does not answer or refuses
     */
    public void createTopics(TopicSettings settings) {
        CreateTopicsOptions options = new CreateTopicsOptions().timeoutMs(START_TIMEOUT_MS);
        Map<String, KafkaFuture<Void>> results =
                admin.createTopics(new TopicPlan(settings).topics(), options).values();
        results.forEach(this::await);
    }

    /** Whether a broker answers within {@code limit}. */
    public boolean isReachable(Duration limit) {
        try {
            int limitMs = Math.toIntExact(limit.toMillis());
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(limitMs))
                    .clusterId()
                    .get(limitMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How many partitions a topic has; empty when it does not exist or no broker says so within {@code limit}. */
    public OptionalInt partitions(String topic, Duration limit) {
        try {
            return OptionalInt.of(admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .partitions()
                    .size());
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    private void await(String topic, KafkaFuture<Void> result) {
        try {
            result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new SettingsException(
                        "no broker answers at " + bootstrapServers + " within " + START_TIMEOUT_MS / 1000
                                + " s: start one, or check espalier.kafka.bootstrap.servers",
                        e);
            }
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new SettingsException(
                        "topic " + topic + " cannot be made on " + bootstrapServers + ": "
                                + e.getCause().getMessage() + "; check espalier.kafka.* and espalier.topics.*",
                        e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topic " + topic + " was made", e);
        }
    }
}
