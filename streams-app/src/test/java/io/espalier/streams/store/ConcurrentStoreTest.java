package io.espalier.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.Test;

final class ConcurrentStoreTest {
    private static final byte[] VALUE = {1};

    private final ConcurrentStore store = opened();

    @Property(tries = 300)
    void rangesAndPrefixesAreThoseOfASortedMap(
            @ForAll @Size(max = 60) List<byte[]> keys, @ForAll byte[] from, @ForAll byte[] to) {
        ConcurrentStore tested = new ConcurrentStore("test");
        NavigableMap<Bytes, byte[]> map = new TreeMap<>();
        keys.forEach(key -> {
            tested.put(Bytes.wrap(key), VALUE);
            map.put(Bytes.wrap(key), VALUE);
        });
        Bytes low = Bytes.wrap(from);
        Bytes high = Bytes.wrap(to);
        assertThat(keys(tested.all())).isEqualTo(List.copyOf(map.keySet()));
        assertThat(keys(tested.range(low, null)))
                .isEqualTo(List.copyOf(map.tailMap(low, true).keySet()));
        assertThat(keys(tested.range(null, high)))
                .isEqualTo(List.copyOf(map.headMap(high, true).keySet()));
        assertThat(keys(tested.range(low, high)))
                .isEqualTo(map.keySet().stream()
                        .filter(key -> key.compareTo(low) >= 0 && key.compareTo(high) <= 0)
                        .toList());
        assertThat(keys(tested.prefixScan(low, new BytesSerializer())))
                .isEqualTo(map.keySet().stream()
                        .filter(key -> startsWith(key.get(), from))
                        .toList());
    }

    @Test
    void aPageOfKeysBeginsBehindAKeyAndEndsBeforeAnother() {
        IntStream.range(10, 30).forEach(index -> store.put(key("k" + index), VALUE));
        assertThat(ask(new KeysQuery(KeysQuery.behind("k11"), "k20", 3)).getResult())
                .containsExactly("k12", "k13", "k14");
        assertThat(ask(new KeysQuery("k18", "k20", 100)).getResult()).containsExactly("k18", "k19");
        assertThat(ask(new KeysQuery("k3", null, 100)).getResult()).isEmpty();
    }

    @Test
    void aStoreThatWasClosedInTheMiddleOfAnAnswerGivesNone() {
        store.put(key("k"), VALUE);
        KeyValueIterator<Bytes, byte[]> open = store.all();
        store.close();
        assertThat(ask(new KeysQuery("", null, 1)).getFailureReason()).isEqualTo(FailureReason.NOT_PRESENT);
        assertThat(keys(open)).as("what had begun is not cut short").containsExactly(key("k"));
    }

    @Test
    void aWriterGoesOnWhileReadersHoldIteratorsInTheMiddle() throws Exception {
        IntStream.range(0, 10_000).forEach(index -> store.put(key("stays" + index), VALUE));
        List<KeyValueIterator<Bytes, byte[]>> held = new ArrayList<>();
        for (int reader = 0; reader < 50; reader++) {
            KeyValueIterator<Bytes, byte[]> iterator = store.all();
            IntStream.range(0, 100 * reader).forEach(index -> iterator.next());
            held.add(iterator);
        }
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            writer.submit(() -> IntStream.range(0, 200_000).forEach(ConcurrentStoreTest.this::write))
                    .get(30, TimeUnit.SECONDS);
        } finally {
            writer.shutdownNow();
        }
        for (int reader = 0; reader < held.size(); reader++) {
            assertThat(keys(held.get(reader)).stream()
                            .filter(key -> key.toString().startsWith("stays"))
                            .count())
                    .isEqualTo(10_000 - 100L * reader);
        }
    }

    @Test
    void readersMissNoKeyThatIsThereAllTheTimeHoweverMuchIsWritten() throws Exception {
        IntStream.range(0, 2_000).forEach(index -> store.put(key("stays" + index), VALUE));
        AtomicBoolean reading = new AtomicBoolean(true);
        CountDownLatch writing = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            CompletableFuture<Integer> written = CompletableFuture.supplyAsync(
                    () -> {
                        int count = 0;
                        for (; reading.get(); count++) {
                            write(count);
                            writing.countDown();
                        }
                        return count;
                    },
                    threads);
            writing.await();
            List<CompletableFuture<Void>> readers = IntStream.range(0, 4)
                    .mapToObj(reader -> CompletableFuture.runAsync(this::readRepeatedly, threads))
                    .toList();
            readers.forEach(CompletableFuture::join);
            reading.set(false);
            assertThat(written.join()).isGreaterThan(1000);
        } finally {
            reading.set(false);
            threads.shutdownNow();
        }
    }

    /** Puts and deletes all over the range of keys. */
    private void write(int count) {
        store.put(key("comes" + count % 5000), VALUE);
        store.put(key("zzz" + count % 3000), VALUE);
        store.delete(key("comes" + (count + 2500) % 5000));
        store.put(key("stays" + count % 2000), VALUE);
    }

    private void readRepeatedly() {
        for (int time = 0; time < 100; time++) {
            List<String> found = ask(new KeysQuery("stays", "stayt", 1_000_000)).getResult();
            assertThat(found).hasSizeGreaterThanOrEqualTo(2_000);
            assertThat(keys(store.all())).hasSizeGreaterThanOrEqualTo(2_000);
        }
    }

    private QueryResult<List<String>> ask(KeysQuery query) {
        return store.query(query, PositionBound.unbounded(), new QueryConfig(false));
    }

    private static ConcurrentStore opened() {
        ConcurrentStore store = new ConcurrentStore("test");
        store.init(new MockProcessorContext<Void, Void>(new Properties()).getStateStoreContext(), store);
        return store;
    }

    private static List<Bytes> keys(KeyValueIterator<Bytes, byte[]> entries) {
        List<Bytes> keys = new ArrayList<>();
        entries.forEachRemaining((KeyValue<Bytes, byte[]> entry) -> keys.add(entry.key));
        return keys;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static Bytes key(String name) {
        return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
    }
}
