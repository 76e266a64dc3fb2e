package io.espalier.streams.topology;

import io.espalier.streams.deadletter.DeadLetter;
import io.espalier.streams.deadletter.DeadLetter.Cause;
import io.espalier.streams.deadletter.DeadLetter.Origin;
import io.espalier.streams.deadletter.RefusedException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;

/** Makes dead letters of what a processor received and refused. */
final class DeadLetters {
    private DeadLetters() {}

    static DeadLetter of(Record<byte[], byte[]> received, ProcessingContext context, RefusedException refused) {
        return of(received.key(), received.value(), received.headers(), received.timestamp(), context, refused);
    }

    static DeadLetter of(
            byte[] key,
            byte[] value,
            Headers headers,
            long timestamp,
            ProcessingContext context,
            RefusedException refused) {
        Origin origin = Origin.of(context.recordMetadata().orElseThrow());
        return new DeadLetter(key, value, headers, timestamp, origin, Cause.of(refused));
    }
}
