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

    /** Whether Kafka Streams made a topic for this installation, now or in an earlier version of it. */
    public boolean isInternalTopic(String topic) {
        return streams().stream().anyMatch(id -> InternalTopics.isInternal(id, topic));
    }
}
