package io.espalier.streams.store;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;

/** Supplies in-memory stores that are read over HTTP while they are written; they answer a {@link KeysQuery}. */
public record ConcurrentStores(String name) implements KeyValueBytesStoreSupplier {
    @Override
    public KeyValueStore<Bytes, byte[]> get() {
        return new ConcurrentStore(name);
    }

    @Override
    public String metricsScope() {
        return "in-memory";
    }
}
