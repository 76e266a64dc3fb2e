package io.espalier.streams.compressor;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codec;
import io.espalier.protocol.codec.RefusedRecordException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The latest record of each version on a compacted topic, read from its start. For one thread. */
final class TopicTable<T> implements AutoCloseable {
    private final TopicTail tail;
    private final Codec<T> codec;
    private final Map<String, T> latest = new HashMap<>();

    TopicTable(TopicTail tail, Codec<T> codec) {
        this.tail = tail;
        this.codec = codec;
    }

    /** As the topic is at this moment. */
    Optional<T> find(VersionKey key) {
        tail.readToEnd(this::take);
        return Optional.ofNullable(latest.get(key.toString()));
    }

    @Override
    public void close() {
        tail.close();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            latest.remove(record.key());
            return;
        }
        try {
            latest.put(record.key(), codec.decode(record.value()));
        } catch (RefusedRecordException e) {
            // Planning reads the topic too and dead-letters it; the record before it stands.
            return;
        }
    }
}
