package io.espalier.streams.topology;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** What a store has under keys that begin alike. */
final class StoreKeys {
    private StoreKeys() {}

    static <T> List<KeyValue<String, T>> entries(KeyValueStore<String, T> store, String prefix) {
        List<KeyValue<String, T>> entries = new ArrayList<>();
        try (KeyValueIterator<String, T> found = store.prefixScan(prefix, new StringSerializer())) {
            found.forEachRemaining(entries::add);
        }
        return entries;
    }

    static <T> void deleteAll(KeyValueStore<String, T> store, String prefix) {
        entries(store, prefix).forEach(entry -> store.delete(entry.key));
    }
}
