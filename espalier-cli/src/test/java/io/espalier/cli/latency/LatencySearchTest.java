package io.espalier.cli.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.runtime.latency.RepeatedTiming.Pair;
import io.espalier.runtime.latency.RepeatedTiming.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On a model of one group of a hundred units whose predicted share of the time is the share of units kept. */
final class LatencySearchTest {
    private static final int UNITS = 100;
    private final List<Double> asked = new ArrayList<>();

    /** {@code measured}: of the share of units kept. */
    private Optional<TimedPlan> find(double target, int leastKept, DoubleUnaryOperator measured) throws IOException {
        return new LatencySearch(
                        keep -> {
                            asked.add(keep);
                            int kept = (int) Math.floor(keep * UNITS + 1e-9);
                            return kept < leastKept || kept >= UNITS
                                    ? Optional.empty()
                                    : Optional.of(new LatencySearch.Prediction(removing(UNITS - kept), kept / 100.0));
                        },
                        remove -> {
                            double share =
                                    measured.applyAsDouble(1 - remove.get("g").size() / (double) UNITS);
                            return new Pair(new Times(20, 22, true), new Times(20 * share, 30, true));
                        })
                .find(target);
    }

    private static Map<String, List<Integer>> removing(int units) {
        return Map.of("g", IntStream.range(0, units).boxed().toList());
    }

    @Test
    void takesAPredictionThatProvesRight() throws IOException {
        TimedPlan plan = find(0.6, 1, kept -> kept).orElseThrow();
        assertThat(asked).containsExactly(0.6);
        assertThat(plan.remove()).isEqualTo(removing(40));
        Latency latency = plan.latency();
        assertThat(latency.target()).isEqualTo(0.6);
        assertThat(latency.predicted()).isEqualTo(0.6);
        assertThat(latency.measured()).isCloseTo(0.6, within(1e-9));
        assertThat(latency.beforeMs()).isEqualTo(20);
        assertThat(latency.afterMs()).isCloseTo(12, within(1e-9));
        assertThat(latency.jitter()).isCloseTo(1.1, within(1e-9));
    }

    @Test
    void asksForLessWhereTheModelIsSlowerThanPredicted() throws IOException {
        TimedPlan plan = find(0.6, 1, kept -> 0.15 + 0.85 * kept).orElseThrow();
        assertThat(asked.get(1)).isCloseTo(0.6 * 0.6 / 0.66, within(1e-9));
        assertThat(plan.latency().measured()).isBetween(0.5, 0.63);
        assertThat(plan.latency().isReached()).isTrue();
    }

    @Test
    void asksForMoreWhereTheModelIsMuchFasterThanPredicted() throws IOException {
        TimedPlan plan = find(0.6, 1, kept -> kept * kept).orElseThrow();
        assertThat(plan.latency().measured()).isBetween(0.51, 0.63);
        assertThat(plan.remove().get("g")).hasSizeLessThan(30);
    }

    @Test
    void givesUpAfterThreeRoundsAndKeepsTheFastest() throws IOException {
        TimedPlan plan = find(0.5, 1, kept -> 0.7 + 0.1 * kept).orElseThrow();
        assertThat(asked).hasSize(3);
        assertThat(plan.latency().isReached()).isFalse();
        assertThat(plan.latency().measured()).isCloseTo(0.7 + 0.1 * Math.floor(100 * asked.get(2)) / 100, within(1e-9));
    }

    @Test
    void keepsWhatItHasWhereTheLimitsAllowNoMore() throws IOException {
        TimedPlan plan = find(0.5, 45, kept -> 0.2 + kept).orElseThrow();
        assertThat(plan.remove()).isEqualTo(removing(50));
        assertThat(plan.latency().isReached()).isFalse();
        assertThat(asked).hasSize(2);
    }

    @Test
    void believesNoSingleMeasurementTooMuch() throws IOException {
        find(0.3, 1, kept -> 0.01);
        // On the line from there to the whole model, and not thirty times as much.
        assertThat(asked.get(1)).isCloseTo(0.3 + 0.7 * 0.29 / 0.99, within(1e-9));
    }

    @Test
    void hasNoPlanWhereNoneIsPredictedToReachTheTarget() throws IOException {
        assertThat(find(0.2, 50, kept -> kept)).isEmpty();
    }
}
