package io.espalier.streams.compressor;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Fetches the newest inputs that a version was asked, when its server publishes some. */
final class InputSampler {
    /** How far back a partition is read for each input wanted: other models share the topic. */
    private static final long READ_PER_WANTED = 16;

    private final Map<String, Object> properties;
    private final String topic;
    private final int wanted;

    InputSampler(Map<String, Object> properties, String topic, int wanted) {
        this.properties = properties;
        this.topic = topic;
        this.wanted = wanted;
    }

    /** At most the configured number; empty when there are none. */
    List<InputSample> newest(VersionKey version) {
        if (wanted == 0) {
            return List.of();
        }
        Deque<InputSample> newest = new ArrayDeque<>();
        try (TopicTail tail = new TopicTail(properties, topic)) {
            tail.seekToNewest(wanted * READ_PER_WANTED);
            tail.readToEnd(record -> take(record, version, newest));
        }
        return List.copyOf(newest);
    }

    private void take(ConsumerRecord<String, byte[]> record, VersionKey version, Deque<InputSample> newest) {
        if (!version.toString().equals(record.key()) || record.value() == null) {
            return;
        }
        try {
            newest.addLast(Codecs.INPUT_SAMPLE.decode(record.value()));
        } catch (RefusedRecordException e) {
            return;
        }
        if (newest.size() > wanted) {
            newest.removeFirst();
        }
    }
}
