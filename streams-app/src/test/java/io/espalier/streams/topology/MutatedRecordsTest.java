package io.espalier.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.deadletter.RefusedException;
import io.espalier.streams.testing.MutatedRecords;
import io.espalier.streams.testing.MutatedRecords.Mutated;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A million mutated records through the reader of the activations topic ({@code -Despalier.mutated.records=} for another
 * number, {@code -Despalier.mutated.seed=} for the same ones again). Each is a batch, or is refused; nothing else comes of one.
 */
final class MutatedRecordsTest {
    private static final Logger LOG = LoggerFactory.getLogger(MutatedRecordsTest.class);
    private static final int RECORDS = Integer.getInteger("espalier.mutated.records", 1_000_000);
    private static final int MAX_MESSAGE_BYTES = 8 << 20;
    private static final long HEAP_SLACK_BYTES = 64L << 20;

    @Test
    void eachIsReadOrRefusedAndNoneStaysInMemory() {
        long seed = Long.getLong("espalier.mutated.seed", System.nanoTime());
        LOG.info("seed {} (repeat with -Despalier.mutated.seed={})", seed, seed);
        MutatedRecords records = new MutatedRecords(seed);
        BatchReader reader = new BatchReader(MAX_MESSAGE_BYTES);
        Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
        long heap = usedHeap();
        long read = 0;
        for (int index = 0; index < RECORDS; index++) {
            Mutated record = records.next();
            try {
                String shard = reader.read(record.key(), record.value()).shard().toString();
                if (!shard.equals(new String(record.key(), UTF_8))) {
                    fail("%s was read under the key of another shard, %s", record.mutation(), shard);
                }
                read++;
            } catch (RefusedException e) {
                if (record.mutation().isHarmless() || e.getMessage().isBlank()) {
                    fail("%s was refused: '%s'", record.mutation(), e.getMessage());
                }
                refused.merge(e.reason(), 1, Integer::sum);
            }
        }
        LOG.info("{} of {} read, refused {}, of {}", read, RECORDS, refused, records.made());
        assertThat(read
                        + refused.values().stream()
                                .mapToLong(Integer::longValue)
                                .sum())
                .isEqualTo(RECORDS);
        assertThat(read).as("some that were mutated are valid all the same").isGreaterThan(RECORDS / 3);
        assertThat(usedHeap()).isLessThan(heap + HEAP_SLACK_BYTES);
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
