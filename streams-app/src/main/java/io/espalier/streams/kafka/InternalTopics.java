package io.espalier.streams.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/**
 * The topics that Kafka Streams makes for an application, and how many partitions it wants them to have: a subtopology has
 * as many tasks as the largest of its topics has partitions, each task a partition of every changelog, and a repartition
 * topic as many partitions as there are tasks before it.
 */
public final class InternalTopics {
    private static final String CHANGELOG = "-changelog";
    private static final String REPARTITION = "-repartition";

    private final String applicationId;
    private final TopologyDescription topology;

    public InternalTopics(String applicationId, Topology topology) {
        this.applicationId = applicationId;
        this.topology = topology.describe();
    }

    /** Whether a topic is one that Kafka Streams made for an application, now or in an earlier version of it. */
    static boolean isInternal(String applicationId, String topic) {
        return topic.startsWith(applicationId + "-") && (isChangelog(topic) || topic.endsWith(REPARTITION));
    }

    static boolean isChangelog(String topic) {
        return topic.endsWith(CHANGELOG);
    }

    /** Of the application, and of its group. */
    String id() {
        return applicationId;
    }

    /** Of all that there are. */
    Set<String> names() {
        Map<String, Integer> sources = new HashMap<>();
        topology.subtopologies().forEach(part -> topicsRead(part).forEach(topic -> sources.put(topic, 1)));
        return partitions(sources).keySet();
    }

    /**
     * Partitions by name.
     *
     * @param sources partitions of the topics that are read, by name
     */
    Map<String, Integer> partitions(Map<String, Integer> sources) {
        Map<String, Integer> known = new HashMap<>(sources);
        Map<String, Integer> internal = new TreeMap<>();
        // A repartition topic may lead to another: each round knows those behind one more.
        for (int round = 0; round <= topology.subtopologies().size(); round++) {
            for (Subtopology part : topology.subtopologies()) {
                addTopicsOf(part, known, internal);
            }
        }
        return internal;
    }

    private void addTopicsOf(Subtopology part, Map<String, Integer> known, Map<String, Integer> internal) {
        int tasks = topicsRead(part).stream()
                .mapToInt(topic -> known.getOrDefault(topic, 0))
                .max()
                .orElse(0);
        if (tasks == 0) {
            return;
        }
        for (Node node : part.nodes()) {
            if (node instanceof Processor processor) {
                processor.stores().forEach(store -> internal.put(name(store + CHANGELOG), tasks));
            } else if (node instanceof Sink sink && isRepartition(sink.topic())) {
                String topic = sink.topic();
                known.put(topic, tasks);
                internal.put(name(topic), tasks);
            }
        }
    }

    private static Set<String> topicsRead(Subtopology part) {
        Set<String> topics = new HashSet<>();
        for (Node node : part.nodes()) {
            if (node instanceof Source source) {
                topics.addAll(source.topicSet());
            }
        }
        return topics;
    }

    /** Null where the topic is chosen by record. */
    private static boolean isRepartition(String topic) {
        return topic != null && topic.endsWith(REPARTITION);
    }

    private String name(String topic) {
        return applicationId + "-" + topic;
    }
}
