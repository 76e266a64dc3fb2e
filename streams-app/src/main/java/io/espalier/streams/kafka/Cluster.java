package io.espalier.streams.kafka;

import io.espalier.settings.SettingsException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The Kafka cluster, as its administrator sees it. */
public final class Cluster implements AutoCloseable {
    private final Admin admin;
    private final String bootstrapServers;
    private final ClientProperties properties;

    public Cluster(ClientProperties properties) {
        this.properties = properties;
        admin = properties.openAdmin();
        bootstrapServers = String.valueOf(properties.admin().get("bootstrap.servers"));
    }

    /**
     * Makes the topics of the plan that are missing, and checks those that are there; of the applications' internal topics,
     * those that an earlier run made are checked and mended.
     *
     * @throws SettingsException when the cluster does not answer or refuses, or a topic would lose records or stop the
     *     stream
     */
    public void prepareTopics(TopicPlan plan, List<InternalTopics> applications) {
        new TopicSetup(admin, bootstrapServers, plan, properties.changelog()).prepare(applications);
    }

    /**
     * Tells the brokers how many standby replicas the members of a streams group keep.
     *
     * @throws SettingsException when the cluster does not answer or refuses
     */
    public void setStandbyReplicas(String group, int replicas) {
        new GroupSettings(admin, new AdminCalls(bootstrapServers)).setStandbyReplicas(group, replicas);
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

    /** Which of some topics do not exist; empty when no broker says so of each within {@code limit}. */
    Optional<Set<String>> missing(Set<String> names, Duration limit) {
        Set<String> missing = new HashSet<>();
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(Math.toIntExact(limit.toMillis()));
        for (Map.Entry<String, KafkaFuture<TopicDescription>> answer :
                admin.describeTopics(names, options).topicNameValues().entrySet()) {
            try {
                answer.getValue().get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    missing.add(answer.getKey());
                } else if (!(e.getCause() instanceof AuthorizationException)) {
                    return Optional.empty();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.of(missing);
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
}
