package io.espalier.sidecar.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleQueueTest {
    private static final List<float[]> VALUES = List.of(new float[4]);
    private static final BitSet POINTS = BitSet.valueOf(new long[] {1});

    private final SampleQueue queue = new SampleQueue(5);

    @Test
    void aRequestGetsInWholeOrNotAtAll() {
        assertThat(queue.offer(VALUES, 3, POINTS)).isTrue();
        assertThat(queue.offer(VALUES, 3, POINTS)).isFalse();
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.offer(VALUES, 2, POINTS)).isTrue();
        assertThat(queue.offer(VALUES, 1, POINTS)).isFalse();
        assertThat(queue.size()).isEqualTo(5);
    }

    @Test
    void whatIsTakenMakesPlace() {
        queue.offer(VALUES, 5, POINTS);
        assertThat(queue.poll()).isEqualTo(new Sample(VALUES, 0, POINTS));
        assertThat(queue.poll()).isEqualTo(new Sample(VALUES, 1, POINTS));
        assertThat(queue.offer(VALUES, 2, POINTS)).isTrue();
        assertThat(queue.size()).isEqualTo(5);
    }

    @Test
    void anEmptyQueueGivesNothing() throws InterruptedException {
        assertThat(queue.poll()).isNull();
        assertThat(queue.poll(Duration.ofMillis(1))).isNull();
        assertThat(queue.poll(Duration.ofMillis(-1))).isNull();
    }
}
