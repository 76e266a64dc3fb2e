package io.espalier.streams.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the brokers know of topics. Whoever may not read settings is told so, and goes without. */
final class TopicReader {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

    private final Admin admin;
    private final AdminCalls calls;

    TopicReader(Admin admin, AdminCalls calls) {
        this.admin = admin;
        this.calls = calls;
    }

    /** Of all topics that we may see. */
    Set<String> names() {
        return calls.get(
                admin.listTopics(new ListTopicsOptions().timeoutMs(AdminCalls.TIMEOUT_MS))
                        .names(),
                "topics cannot be listed");
    }

    /** By name. */
    Map<String, ExistingTopic> read(Collection<String> names) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(AdminCalls.TIMEOUT_MS);
        Map<String, TopicDescription> described =
                calls.get(admin.describeTopics(names, options).allTopicNames(), "topics cannot be described");
        Map<String, Map<String, String>> configs = configs(names);
        Map<String, ExistingTopic> topics = new TreeMap<>();
        described.forEach((name, topic) -> topics.put(
                name,
                new ExistingTopic(
                        name,
                        topic.partitions().size(),
                        topic.partitions().stream()
                                .mapToInt(partition -> partition.replicas().size())
                                .min()
                                .orElse(0),
                        configs.getOrDefault(name, Map.of()))));
        return topics;
    }

    private Map<String, Map<String, String>> configs(Collection<String> names) {
        List<ConfigResource> resources =
                names.stream().map(TopicReader::resource).toList();
        Map<String, Map<String, String>> configs = new HashMap<>();
        admin.describeConfigs(resources, new DescribeConfigsOptions().timeoutMs(AdminCalls.TIMEOUT_MS))
                .values()
                .forEach((resource, config) -> configs.put(resource.name(), config(resource.name(), config)));
        return configs;
    }

    private Map<String, String> config(String topic, KafkaFuture<Config> answer) {
        try {
            return answer.get().entries().stream()
                    .filter(entry -> entry.value() != null)
                    .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                LOG.warn("settings of topic {} are not checked: its user lacks the right DescribeConfigs", topic);
                return Map.of();
            }
            throw calls.refused(e.getCause(), "settings of topic " + topic + " cannot be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while brokers were asked", e);
        }
    }

    static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
