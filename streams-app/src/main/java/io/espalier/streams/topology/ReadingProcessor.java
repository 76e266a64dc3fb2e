package io.espalier.streams.topology;

import io.espalier.streams.deadletter.RefusedException;
import io.espalier.streams.metrics.DeadLetterMeters;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Reads a record while it is still known where it came from. */
final class ReadingProcessor implements FixedKeyProcessor<byte[], byte[], Reading> {
    private final PlanningInputReader reader;
    private final DeadLetterMeters deadLetters;
    private FixedKeyProcessorContext<byte[], Reading> context;

    ReadingProcessor(PlanningInputReader reader, DeadLetterMeters deadLetters) {
        this.reader = reader;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Reading> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> received) {
        context.forward(received.withValue(reading(received)));
    }

    private Reading reading(FixedKeyRecord<byte[], byte[]> received) {
        try {
            return Reading.accepted(reader.read(received.key(), received.value()));
        } catch (RefusedException e) {
            deadLetters.refused(e.reason());
            return Reading.refused(DeadLetters.of(
                    received.key(), received.value(), received.headers(), received.timestamp(), context, e));
        }
    }
}
