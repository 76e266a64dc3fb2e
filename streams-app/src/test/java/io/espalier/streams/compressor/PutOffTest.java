package io.espalier.streams.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** On Kafka's own stand-in for a consumer, which seeks and pauses as a real one does. */
final class PutOffTest {
    private static final TopicPartition FIRST = new TopicPartition("recommendations", 0);
    private static final TopicPartition SECOND = new TopicPartition("recommendations", 1);
    private static final Duration REST = Duration.ofSeconds(5);

    private final MovableClock clock = new MovableClock();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final PutOff putOff = new PutOff(consumer, REST, clock);

    PutOffTest() {
        consumer.assign(List.of(FIRST, SECOND));
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        consumer.addRecord(record(FIRST, 0));
        consumer.addRecord(record(SECOND, 0));
    }

    @Test
    void aRecordComesAgainAfterItsRestAndOthersDoNotWait() {
        List<ConsumerRecord<byte[], byte[]>> polled = poll();
        assertThat(polled).hasSize(2);
        assertThat(putOff.add(polled.get(0))).isTrue();

        consumer.addRecord(record(SECOND, 1));
        assertThat(poll()).extracting(ConsumerRecord::partition).containsExactly(1);

        clock.now = clock.now.plus(REST);
        consumer.addRecord(record(FIRST, 0));
        assertThat(poll()).extracting(ConsumerRecord::offset).containsExactly(0L);
    }

    @Test
    void theTimeSinceItWasPutOffFirstIsKnownOfThisRecordOnly() {
        ConsumerRecord<byte[], byte[]> record = record(FIRST, 0);
        assertThat(putOff.waited(record)).isZero();
        assertThat(putOff.add(record)).isTrue();
        clock.now = clock.now.plus(REST);
        assertThat(putOff.add(record)).isFalse();
        clock.now = clock.now.plus(REST);
        assertThat(putOff.waited(record)).isEqualTo(REST.multipliedBy(2));
        assertThat(putOff.waited(record(FIRST, 1))).isZero();
        assertThat(putOff.waited(record(SECOND, 0))).isZero();
    }

    @Test
    void aPartitionThatWentToAnotherMemberIsLeftAlone() {
        putOff.add(record(FIRST, 0));
        poll();
        consumer.assign(List.of(SECOND));
        clock.now = clock.now.plus(REST);
        assertThat(poll()).isEmpty();

        consumer.assign(List.of(FIRST, SECOND));
        assertThat(poll()).extracting(ConsumerRecord::partition).containsExactly(0);
    }

    private List<ConsumerRecord<byte[], byte[]>> poll() {
        putOff.resumeDue();
        List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
        consumer.poll(Duration.ZERO).forEach(polled::add);
        return polled;
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, new byte[0], new byte[0]);
    }

    private static final class MovableClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
