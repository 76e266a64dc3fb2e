package io.espalier.sidecar.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleQueueTest {
    private static final List<float[]> VALUES = List.of(new float[4]);

    private final SampleQueue queue = new SampleQueue(5);

    @Test
    void aRequestGetsInWholeOrNotAtAll() {
        assertThat(queue.offer(VALUES, 3)).isTrue();
        assertThat(queue.offer(VALUES, 3)).isFalse();
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.offer(VALUES, 2)).isTrue();
        assertThat(queue.offer(VALUES, 1)).isFalse();
        assertThat(queue.size()).isEqualTo(5);
    }

    @Test
    void whatIsTakenMakesPlace() {
        queue.offer(VALUES, 5);
        assertThat(queue.poll()).isEqualTo(new Sample(VALUES, 0));
        assertThat(queue.poll()).isEqualTo(new Sample(VALUES, 1));
        assertThat(queue.offer(VALUES, 2)).isTrue();
        assertThat(queue.size()).isEqualTo(5);
    }

    @Test
    void anEmptyQueueGivesNothing() throws InterruptedException {
        assertThat(queue.poll()).isNull();
        assertThat(queue.poll(Duration.ofMillis(1))).isNull();
        assertThat(queue.poll(Duration.ofMillis(-1))).isNull();
    }
}
