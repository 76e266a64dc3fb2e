package io.espalier.sidecar.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.sidecar.Descriptors;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplingRatesTest {
    private final SamplingRates rates = new SamplingRates(
            Descriptors.withPoints(new CapturePoint("first", "g", 3, 1), new CapturePoint("second", "h", 3, 1)), 0.5);

    @Test
    void withoutADirectiveAllPointsAreSampledAsConfigured() {
        assertThat(rates.current().rate(0)).isEqualTo(0.5);
        assertThat(rates.current().rate(1)).isEqualTo(0.5);
        assertThat(rates.current().highest()).isEqualTo(0.5);
    }

    @Test
    void aDirectiveTakesItsShareOfThatAndAllWhereItNamesNone() {
        rates.direct(Map.of("second", 0.1, "of another model", 0.0));
        assertThat(rates.current().rate(0)).isEqualTo(0.5);
        assertThat(rates.current().rate(1)).isEqualTo(0.05);
        assertThat(rates.current().share(1)).isEqualTo(0.1);
        rates.direct(Map.of("first", 0.2, "second", 0.1));
        assertThat(rates.current().highest()).isEqualTo(0.1);
        rates.release();
        assertThat(rates.current().rate(1)).isEqualTo(0.5);
    }
}
