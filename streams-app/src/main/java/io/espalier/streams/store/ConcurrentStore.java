package io.espalier.streams.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Bytes in memory, written by a stream thread and read by any other at the same time; neither waits for the other.
 *
 * <p>Kafka's in-memory store copies all keys of a range under the lock that its writers need, and its iterators then read,
 * without that lock, a tree that is being written to: what they find is not defined. Here an iterator copies nothing, and
 * sees every key that is there from its start to its end.
 *
 * <p>Positions are not kept, so a query with a bound on them is not answered.
 */
final class ConcurrentStore implements KeyValueStore<Bytes, byte[]> {
    private final String name;
    private volatile ConcurrentNavigableMap<Bytes, byte[]> map = new ConcurrentSkipListMap<>();
    private volatile boolean open;

    ConcurrentStore(String name) {
        this.name = name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        // Without a root, the task changes from standby to active or back, and the store keeps what it has.
        if (root != null) {
            map = new ConcurrentSkipListMap<>();
            context.register(root, (key, value) -> put(Bytes.wrap(key), value));
        }
        open = true;
    }

    /** What is in the middle of reading reads on, from a map that nobody writes to any more. */
    @Override
    public void close() {
        open = false;
    }

    @Override
    public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        if (!bound.isUnbounded()) {
            return QueryResult.forFailure(FailureReason.NOT_UP_TO_BOUND, name + " keeps no positions");
        }
        Object found;
        if (query instanceof KeysQuery keys) {
            found = keys(keys);
        } else if (query instanceof KeyQuery<?, ?> key) {
            found = get((Bytes) key.getKey());
        } else if (query instanceof RangeQuery<?, ?> range) {
            found = range((Bytes) range.getLowerBound().orElse(null), (Bytes)
                    range.getUpperBound().orElse(null));
        } else {
            return QueryResult.forUnknownQueryType(query, this);
        }
        return answer(query, found);
    }

    @Override
    public void put(Bytes key, byte[] value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    @Override
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        byte[] there = map.get(key);
        if (there == null) {
            put(key, value);
        }
        return there;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte[] delete(Bytes key) {
        return map.remove(key);
    }

    @Override
    public byte[] get(Bytes key) {
        return map.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new EntryIterator(map);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        ConcurrentNavigableMap<Bytes, byte[]> above = from == null ? map : map.tailMap(from, true);
        if (to == null) {
            return new EntryIterator(above);
        }
        boolean empty = from != null && from.compareTo(to) > 0;
        return new EntryIterator(empty ? new ConcurrentSkipListMap<>() : above.headMap(to, true));
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, S serializer) {
        byte[] from = serializer.serialize(null, prefix);
        byte[] to = from.clone();
        int last = to.length - 1;
        while (last >= 0 && to[last] == -1) {
            last--;
        }
        ConcurrentNavigableMap<Bytes, byte[]> above = map.tailMap(Bytes.wrap(from), true);
        if (last < 0) {
            return new EntryIterator(above);
        }
        to[last]++;
        return new EntryIterator(above.headMap(Bytes.wrap(Arrays.copyOf(to, last + 1)), false));
    }

    /** Walks over all entries. */
    @Override
    public long approximateNumEntries() {
        return map.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public Position getPosition() {
        return Position.emptyPosition();
    }

    @Override
    public void commit(Map<TopicPartition, Long> offsets) {
        // All is in memory: the changelog is what survives.
    }

    private List<String> keys(KeysQuery query) {
        ConcurrentNavigableMap<Bytes, byte[]> above = map.tailMap(bytes(query.from()), true);
        return (query.to() == null ? above : above.headMap(bytes(query.to()), false))
                .keySet().stream()
                        .limit(query.limit())
                        .map(key -> new String(key.get(), StandardCharsets.UTF_8))
                        .toList();
    }

    private static Bytes bytes(String key) {
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    /** The class of a query says which class its answer has, and only its reader knows both. */
    @SuppressWarnings("unchecked")
    private <R> QueryResult<R> answer(Query<R> query, Object found) {
        return open
                ? QueryResult.forResult((R) found)
                : QueryResult.forFailure(FailureReason.NOT_PRESENT, name + " is closed, and did not answer " + query);
    }
}
