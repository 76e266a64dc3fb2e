package io.espalier.planner.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DriftDetectorTest {
    private static final ShardKey SHARD = new ShardKey("m", "1", "relu", 0);
    private static final int UNITS = 30;
    private static final int PANES = 20;
    private static final int SAMPLES_PER_PANE = 60;
    private static final Duration PANE = Duration.ofMinutes(1);

    /**
     * Unchanged traffic, watched for many times the configured run length, against windows of it that plans were made on:
     * no more false alarms than one in each run, though units hang together and the smallest change counts.
     */
    @ParameterizedTest(name = "{0} panes a run, units with a common cause: {1}")
    @CsvSource({"50, false", "50, true", "500, false"})
    void unchangedTrafficRaisesNoMoreFalseAlarmsThanConfigured(int runLength, boolean together) {
        DriftDetector detector = new DriftDetector(new DriftSettings(PANE.multipliedBy(runLength), 0, 0), PANE);
        int runs = 4000 / runLength;
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            Traffic traffic = new Traffic(run, together);
            Expressiveness then = traffic.fill();
            for (int pane = 0; pane < runLength; pane++) {
                // An alarm ends the run: a plan is then withdrawn, and another one is compared with.
                if (detector.compare(then, traffic.next()).drifted()) {
                    alarms++;
                    break;
                }
            }
        }
        assertThat(alarms).isLessThanOrEqualTo(runs);
        assertThat((double) alarms / runs)
                .as("Bonferroni's bound is on the safe side")
                .isLessThan(0.7);
    }

    /** A third of the units swap roles: seen before the window has been filled twice. */
    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"1", "2", "3"})
    void aThirdOfTheUnitsSwappingRolesIsSeenWithinTwoWindows(int seed) {
        DriftDetector detector = new DriftDetector(new DriftSettings(Duration.ofDays(30), 0.02, 0.05), PANE);
        Traffic traffic = new Traffic(seed, true);
        Expressiveness then = traffic.fill();
        assertThat(detector.compare(then, traffic.next()).rankCorrelation()).isGreaterThan(0.9);
        traffic.swapAThird();
        int panes = 0;
        Drift drift;
        do {
            drift = detector.compare(then, traffic.next());
            panes++;
        } while (!drift.drifted() && panes < 5 * PANES);
        assertThat(panes).isLessThanOrEqualTo(2 * PANES);
        for (int pane = 0; pane < PANES; pane++) {
            drift = detector.compare(then, traffic.next());
        }
        assertThat(drift.changedUnits()).isBetween(5, 10);
        assertThat(drift.rankCorrelation()).isLessThan(0.6);
    }

    @Test
    void aChangeWithinTheMarginIsNoneHoweverSure() {
        DriftDetector detector = new DriftDetector(new DriftSettings(Duration.ofDays(1), 0.02, 0), PANE);
        assertThat(detector.compare(record(0.30), record(0.319)).drifted()).isFalse();
        assertThat(detector.compare(record(0.30), record(0.33)).drifted()).isTrue();
    }

    @Test
    void whatHasNoScoreOrOtherUnitsIsNotCompared() {
        DriftDetector detector = new DriftDetector(new DriftSettings(Duration.ofDays(1), 0, 0), PANE);
        Expressiveness none =
                new WindowRecord(java.util.List.of(PaneStatistics.create(1, 1))).of(SHARD, new Window(0, 1, 1));
        assertThat(detector.compare(none, record(0.3))).isEqualTo(Drift.NONE);
        assertThat(detector.compare(record(0.3), none)).isEqualTo(Drift.NONE);
        assertThat(detector.compare(record(0.3), new Traffic(1, false).fill())).isEqualTo(Drift.NONE);
    }

    @Test
    void ranksThatAreTurnedAroundHaveACorrelationOfMinusOne() {
        double[] up = {0.1, 0.2, 0.3, 0.4};
        assertThat(RankCorrelation.of(up, new double[] {4, 3, 2, 1})).isEqualTo(-1);
        assertThat(RankCorrelation.of(up, new double[] {1, 10, 11, 100})).isEqualTo(1);
        assertThat(RankCorrelation.of(up, new double[4])).isEqualTo(1);
        // By hand: ranks 1.5 1.5 3 4 against 1 2 3 4.
        assertThat(RankCorrelation.of(new double[] {0, 0, 1, 2}, up)).isBetween(0.9486, 0.9487);
    }

    /** One unit whose score is known to 0.0001. */
    private static Expressiveness record(double score) {
        return new Expressiveness(
                "m",
                "1",
                "relu",
                0,
                1,
                1,
                new Window(0, 60, 60),
                1_000_000,
                new double[] {score},
                new double[] {0.0001},
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Panes of traffic whose units have rates from 0.02 to 0.5, and perhaps a cause in common. */
    private static final class Traffic {
        private final Random random;
        private final boolean together;
        private final double[] rates = IntStream.range(0, UNITS)
                .mapToDouble(unit -> 0.02 + 0.48 * unit / (UNITS - 1))
                .toArray();
        private final Deque<PaneStatistics> window = new ArrayDeque<>();

        Traffic(long seed, boolean together) {
            this.random = new Random(seed);
            this.together = together;
        }

        Expressiveness fill() {
            Expressiveness record = null;
            for (int pane = 0; pane < PANES; pane++) {
                record = next();
            }
            return record;
        }

        /** The lowest units take the rates of the highest, and those theirs. */
        void swapAThird() {
            for (int unit = 0; unit < UNITS / 6; unit++) {
                double low = rates[unit];
                rates[unit] = rates[UNITS - 1 - unit];
                rates[UNITS - 1 - unit] = low;
            }
        }

        Expressiveness next() {
            BatchBuilder batch = new BatchBuilder(SHARD, UNITS, 1, "p");
            for (int sample = 0; sample < SAMPLES_PER_PANE; sample++) {
                double common = random.nextDouble();
                float[] values = new float[UNITS];
                for (int unit = 0; unit < UNITS; unit++) {
                    double chance = together && random.nextBoolean() ? common : random.nextDouble();
                    values[unit] = chance < rates[unit] ? 1 : 0;
                }
                batch.add(values, 0);
            }
            PaneStatistics pane = PaneStatistics.create(UNITS, 1);
            pane.add(batch.build());
            window.addLast(pane);
            if (window.size() > PANES) {
                window.removeFirst();
            }
            return new WindowRecord(window).of(SHARD, new Window(0, 60_000L * window.size(), window.size()));
        }
    }
}
