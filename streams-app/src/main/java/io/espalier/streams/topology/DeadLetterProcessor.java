package io.espalier.streams.topology;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Turns refused readings back into the records they were, with their headers. */
final class DeadLetterProcessor extends ContextualProcessor<byte[], Reading, byte[], byte[]> {
    private final int maxBytes;

    /** {@code maxBytes}: the largest record that the dead-letter topic takes. */
    DeadLetterProcessor(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void process(Record<byte[], Reading> record) {
        context().forward(record.value().refused().toRecord(maxBytes));
    }
}
