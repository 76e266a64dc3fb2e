package io.espalier.planner.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SamplingRatesTest {
    private static final double AMPLE = 1e9;
    private final SamplingRates rates = new SamplingRates(Duration.ofSeconds(1000), 0.01, AMPLE);

    @Test
    void whatIsUndecidedOrDriftsIsSampledInFull() {
        assertThat(rates.of(List.of(
                        point("undecided", 100, 200, false, 10, 0.5), point("drifting", 300, 200, true, 10, 0.5))))
                .isEqualTo(Map.of("undecided", 1.0, "drifting", 1.0));
    }

    @Test
    void whatIsDecidedStaysAsItIsWhileNobodyKnowsHowFastSamplesCome() {
        assertThat(rates.of(List.of(
                        point("in full", 300, 200, false, 0, 1),
                        point("at a low rate", 300, 200, false, 0, 0.125),
                        point("undecided", 100, 200, false, 0, 0.125))))
                .isEqualTo(Map.of("in full", 1.0, "at a low rate", 0.125, "undecided", 1.0));
    }

    @Test
    void whatWasJustDecidedIsSampledInFullForAnotherWhileAndThenNotAtTheNextDoubt() {
        assertThat(rates.of(List.of(
                        point("just decided", 1100, 1000, false, 10, 1),
                        point("decided", 1100, 1000, false, 2.5, 0.25))))
                .isEqualTo(Map.of("just decided", 1.0, "decided", 0.25));
    }

    @Test
    void whatIsDecidedIsSampledSoThatTheWindowStaysSo() {
        // 10 a second in full are 10,000 in the window; 1,000 and half as much again are 0.15 of it.
        Map<String, Double> found = rates.of(List.of(
                point("at full speed", 9000, 1000, false, 10, 1), point("at a quarter", 9000, 1000, false, 2.5, 0.25)));
        assertThat(found).isEqualTo(Map.of("at full speed", 0.25, "at a quarter", 0.25));
    }

    @Test
    void inAYoungWindowTheFloorIsEnough() {
        assertThat(rates.of(List.of(
                        new SampledPoint("young", 9000, 1000, 0.3, false, 10, 1, 100),
                        new SampledPoint("short of samples", 900, 1000, 0.3, false, 10, 1, 100))))
                .isEqualTo(Map.of("young", 0.01, "short of samples", 1.0));
    }

    @Test
    void atALowRateNothingMayArriveForAWhileAndTheSpeedIsStillKnown() {
        FullSpeed speed = new FullSpeed();
        assertThat(speed.perSecond()).isZero();
        speed.observe(600, 1, 60);
        assertThat(speed.perSecond()).isEqualTo(10);
        speed.observe(0, 0.01, 60);
        assertThat(speed.perSecond()).isCloseTo(9.9, within(0.1));
        for (int minute = 0; minute < 100; minute++) {
            speed.observe(minute % 2 == 0 ? 0 : 6, 0.01, 60);
        }
        assertThat(speed.perSecond()).as("it has halved since").isCloseTo(5, within(0.6));
    }

    @Test
    void howOftenArrivalsAreLookedAtDoesNotMatter() {
        // Two batches of fifteen, a minute apart, and looks each second between them.
        FullSpeed speed = new FullSpeed();
        for (int second = 1; second <= 1200; second++) {
            speed.observe(second % 60 == 0 ? 15 : 0, 0.005, 1);
            if (second >= 600) {
                assertThat(speed.perSecond()).isCloseTo(50, within(8.0));
            }
        }
    }

    @Test
    void theFloorIsKeptSoThatDriftIsStillSeen() {
        assertThat(rates.of(List.of(point("easy", 9000, 2, false, 10, 1)))).isEqualTo(Map.of("easy", 0.01));
    }

    @Test
    void aBudgetOfBytesScalesAllThatIsAboveTheFloor() {
        SamplingRates tight = new SamplingRates(Duration.ofSeconds(1000), 0.01, 600);
        Map<String, Double> found = tight.of(List.of(
                point("undecided", 0, 200, false, 10, 1),
                point("decided", 9000, 1000, false, 10, 1),
                point("easy", 9000, 2, false, 10, 1)));
        double bytes =
                found.values().stream().mapToDouble(rate -> rate * 10 * 100).sum();
        assertThat(bytes).isCloseTo(600, within(1.0));
        assertThat(found.get("easy")).isEqualTo(0.01);
        assertThat(found.get("undecided") / found.get("decided")).isCloseTo(4, within(1e-6));
    }

    private static SampledPoint point(
            String name, long samples, long needed, boolean drifting, double perSecond, double rate) {
        return new SampledPoint(name, samples, needed, 1, drifting, perSecond / rate, rate, 100);
    }
}
