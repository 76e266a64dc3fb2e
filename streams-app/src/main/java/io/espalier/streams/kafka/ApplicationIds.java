package io.espalier.streams.kafka;

import java.util.List;

/** What the parts of an installation are called by the brokers: consumer groups, and the start of internal topics' names. */
public record ApplicationIds(String installation) {
    public String overlap() {
        return installation + "-overlap";
    }

    public String planning() {
        return installation + "-planning";
    }

    /** A consumer group only. */
    public String compressor() {
        return installation + "-compressor";
    }

    /** The Kafka Streams applications. */
    public List<String> streams() {
        return List.of(overlap(), planning());
    }

    /** All consumer groups. */
    public List<String> groups() {
        return List.of(overlap(), planning(), compressor());
    }

    /**
     * Whether Kafka Streams made a topic for this installation, now or in an earlier version of it. One that is called after
     * an application of ours, {@code espalier-overlap} beside {@code espalier}, has topics that start alike: they are not.
     */
    public boolean isInternalTopic(String topic) {
        return streams().stream().anyMatch(id -> InternalTopics.isInternal(id, topic) && !isOfNamesake(id, topic));
    }

    private static boolean isOfNamesake(String id, String topic) {
        return new ApplicationIds(id).streams().stream().anyMatch(other -> InternalTopics.isInternal(other, topic));
    }
}
