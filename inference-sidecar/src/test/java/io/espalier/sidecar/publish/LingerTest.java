package io.espalier.sidecar.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LingerTest {
    private final Linger linger = new Linger(Duration.ofSeconds(1), Duration.ofMinutes(1));

    @Test
    void itIsAsManyTimesLongerAsLessIsWanted() {
        assertThat(linger.nanos(1)).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(linger.nanos(0.25)).isEqualTo(Duration.ofSeconds(4).toNanos());
    }

    @Test
    void itIsBounded() {
        for (double share : new double[] {1.0 / 60, 0.001, Double.MIN_VALUE, 0}) {
            assertThat(linger.nanos(share)).isEqualTo(Duration.ofMinutes(1).toNanos());
        }
    }
}
