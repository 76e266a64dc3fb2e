package io.espalier.runtime.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RepeatedTimingTest {
    private final FakeClock clock = new FakeClock();

    @Test
    void takesTheLeastTimeForTheCallsOwn() {
        // Two warm-ups, then calls of which others take their share.
        RepeatedTiming.Times times =
                RepeatedTiming.ofOperators(clock).time(clock.taking(99, 99, 3, 12, 2, 12, 2, 12, 2, 12));
        assertThat(times.least()).isEqualTo(2);
        assertThat(times.settled()).isTrue();
    }

    @Test
    void stopsOnceTimeIsSpentAndTheLeastAgree() {
        RepeatedTiming.Times times = RepeatedTiming.ofOperators(clock).time(clock.taking(1));
        assertThat(times).isEqualTo(new RepeatedTiming.Times(1, 1, true));
        assertThat(clock.calls()).isEqualTo(2 + 5);
    }

    @Test
    void repeatsAQuickCallMoreOften() {
        RepeatedTiming.ofOperators(clock).time(clock.taking(0.1));
        assertThat(clock.calls()).isEqualTo(2 + 30);
    }

    @Test
    void goesOnWhileTheLeastDisagreeButWithinItsBudget() {
        double[] falling =
                IntStream.range(0, 100).mapToDouble(i -> 20 * Math.pow(0.9, i)).toArray();
        RepeatedTiming.Times times = RepeatedTiming.ofOperators(clock).time(clock.taking(falling));
        assertThat(times.settled()).isFalse();
        // 16.2 + 14.6 + 13.1 + 11.8 are past the 50 ms, and five times are the least.
        assertThat(clock.calls()).isEqualTo(2 + 5);
    }

    @Test
    void comparesTwoCallsInTurns() {
        RepeatedTiming.Pair pair = RepeatedTiming.ofModels(clock).compare(clock.taking(200), clock.taking(120));
        assertThat(pair.share()).isCloseTo(0.6, within(1e-9));
        assertThat(clock.calls()).isEqualTo(2 * (2 + 7));
    }
}
