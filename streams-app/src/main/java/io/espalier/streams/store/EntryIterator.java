package io.espalier.streams.store;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/** The entries of a map as Kafka Streams iterates; holds nothing that must be closed. */
final class EntryIterator implements KeyValueIterator<Bytes, byte[]> {
    private final Iterator<Map.Entry<Bytes, byte[]>> entries;
    private Map.Entry<Bytes, byte[]> next;

    EntryIterator(Map<Bytes, byte[]> map) {
        entries = map.entrySet().iterator();
    }

    @Override
    public boolean hasNext() {
        if (next == null && entries.hasNext()) {
            next = entries.next();
        }
        return next != null;
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
        KeyValue<Bytes, byte[]> entry = KeyValue.pair(peekNextKey(), next.getValue());
        next = null;
        return entry;
    }

    @Override
    public Bytes peekNextKey() {
        if (!hasNext()) {
            throw new NoSuchElementException("the range is at its end");
        }
        return next.getKey();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
