package io.espalier.runtime.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Duration LIMIT = Duration.ofSeconds(100);
    private final Schedule schedule = new Schedule(new DistilSettings(200, 64, 1e-3, LIMIT, 1));

    @Test
    void risesAlongALineAndFallsAlongHalfACosine() {
        assertThat(schedule.rate(0, Duration.ZERO)).isCloseTo(1e-4, within(1e-12));
        assertThat(schedule.rate(9, Duration.ZERO)).isCloseTo(1e-3, within(1e-12));
        assertThat(schedule.rate(105, Duration.ZERO)).isCloseTo(0.5e-3, within(1e-12));
        assertThat(schedule.rate(199, Duration.ZERO)).isBetween(0.0, 1e-6);
        assertThat(schedule.isLast(198, Duration.ZERO)).isFalse();
        assertThat(schedule.isLast(199, Duration.ZERO)).isTrue();
    }

    @Test
    void isOverWithTheTimeWhereThatEndsFirst() {
        assertThat(schedule.rate(20, LIMIT.dividedBy(2))).isCloseTo(0.5e-3, within(1e-12));
        assertThat(schedule.rate(20, LIMIT)).isZero();
        assertThat(schedule.rate(20, LIMIT.multipliedBy(2))).isZero();
        assertThat(schedule.isLast(20, LIMIT.minusMillis(1))).isFalse();
        assertThat(schedule.isLast(20, LIMIT)).isTrue();
    }
}
