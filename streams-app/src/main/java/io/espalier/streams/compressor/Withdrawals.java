package io.espalier.streams.compressor;

import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.Recommendation;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The recommendations that were taken back, those included that wait to be read. For one thread. */
final class Withdrawals implements AutoCloseable {
    private final TopicTail tail;
    private final Set<String> withdrawn = new HashSet<>();

    /** {@code tail}: of the recommendations topic; closed with this. */
    Withdrawals(TopicTail tail) {
        this.tail = tail;
    }

    /** Whether it no longer stands, as the topic is at this moment. */
    boolean contains(Recommendation recommendation) {
        tail.readToEnd(this::take);
        return withdrawn.contains(recommendation.id());
    }

    @Override
    public void close() {
        tail.close();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            Recommendation read = Codecs.RECOMMENDATION.decode(record.value());
            if (read.withdraws() != null) {
                withdrawn.add(read.withdraws().recommendation());
            } else {
                // Made anew after it was withdrawn, it stands again.
                withdrawn.remove(read.id());
            }
        } catch (RefusedRecordException e) {
            // The compressor dead-letters it when it comes to it.
            return;
        }
    }
}
