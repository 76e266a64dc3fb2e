package io.espalier.sidecar.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.sidecar.Descriptors;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InputRateTest {
    // Its input is FP32 of shape 1,2: 8 bytes.
    private static final ModelDescriptor MODEL = Descriptors.withPoints();

    @Test
    void theLowerLimitHolds() {
        assertThat(InputRate.interval(MODEL, 60, 1_000_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(InputRate.interval(MODEL, 60, 80)).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void anInputLargerThanAMinutesBytesComesLessOften() {
        assertThat(InputRate.interval(MODEL, 60_000, 4)).isEqualTo(Duration.ofMinutes(2));
    }
}
