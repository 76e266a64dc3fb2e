package io.espalier.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the planner speaks: not from so many samples on, but once the units that it removes are the lowest. */
final class EvidenceTest {
    private static final int UNITS = 40;
    private static final ModelDescriptor MODEL = Chain.of(UNITS);
    private static final int PANES = 10;
    private final Planner planner = new Planner();

    @ParameterizedTest
    @ValueSource(strings = {"expressiveness", "hybrid:0.2", "fluctuation", "apoz"})
    void isSilentWhileTooManyUnitsMayBeOnEitherSideOfTheCutAndSaysHowManySamplesItNeeds(String criterion) {
        double[] rates = spread(0.02, 0.4);
        Readiness early = plan(criterion, rates, 100, 1).readiness();
        assertThat(early.ready()).isFalse();
        assertThat(early.reason()).startsWith("the cut is not decided: ").endsWith("and the policy allows 2");
        Readiness.Point point = early.capturePoints().get(0);
        assertThat(point.samples()).isEqualTo(100);
        assertThat(point.needed()).isGreaterThan(200);
        assertThat(point.reason()).endsWith("units of group g0 may be on either side of the cut");

        PlanOutcome late = plan(criterion, rates, 40_000, 1);
        assertThat(late.readiness().ready()).isTrue();
        assertThat(late.readiness().capturePoints().get(0).reason()).isNull();
        assertThat(late.recommendation()).isPresent();
    }

    /** What is expected after a tenth of the samples is near what it takes in the end. */
    @Test
    void expectsAboutAsManySamplesAsItTakes() {
        double[] rates = spread(0.02, 0.4);
        List<Double> ratios = new ArrayList<>();
        for (int seed = 0; seed < 9; seed++) {
            long expected = plan("expressiveness", rates, 400, seed)
                    .readiness()
                    .capturePoints()
                    .get(0)
                    .needed();
            int samples = 400;
            while (!plan("expressiveness", rates, samples, seed).readiness().ready()) {
                samples += samples / 10;
            }
            ratios.add((double) expected / samples);
        }
        ratios.sort(null);
        assertThat(ratios.get(4)).isBetween(0.4, 2.5);
    }

    /** Of the units that it removes once it speaks, those that should have stayed are no more than it allows in doubt. */
    @Test
    void removesTheLowestOfAllTrafficOnceItSpeaks() {
        double[] rates = spread(0.02, 0.4);
        int wrong = 0;
        int runs = 20;
        for (int seed = 0; seed < runs; seed++) {
            int samples = 256;
            PlanOutcome outcome = plan("expressiveness", rates, samples, seed);
            while (outcome.recommendation().isEmpty()) {
                samples *= 2;
                outcome = plan("expressiveness", rates, samples, seed);
            }
            Set<Integer> removed =
                    new HashSet<>(outcome.recommendation().get().remove().get("g0"));
            wrong += (int)
                    removed.stream().filter(unit -> unit >= removed.size()).count();
        }
        assertThat((double) wrong / runs).isLessThanOrEqualTo(2);
    }

    @Test
    void unitsThatAreAlikeNeedNotBeTold() {
        double[] rates = new double[UNITS];
        // Thirty never fire: which twenty of them go makes no difference.
        for (int unit = 30; unit < UNITS; unit++) {
            rates[unit] = 0.3;
        }
        assertThat(plan("expressiveness", rates, 2000, 3).recommendation()).isPresent();
    }

    @Test
    void weightsNeedNoSamples() {
        PlanOutcome outcome = planner.plan(MODEL, Map.of(), policy("l2"));
        assertThat(outcome.recommendation()).isPresent();
    }

    @Test
    void aPlanThatSavesTooLittleIsNotRecommended() {
        Policy act = new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.9),
                Criterion.parse("l2"),
                null,
                null,
                null,
                List.of(),
                null,
                null,
                new Policy.Thresholds(0.1, 0.25));
        PlanOutcome outcome = planner.plan(MODEL, Map.of(), act);
        assertThat(outcome.recommendation()).isEmpty();
        assertThat(outcome.readiness().ready()).isTrue();
        assertThat(outcome.readiness().reason())
                .isEqualTo("a plan saves 0.100 of the macs, and the policy acts from 0.250 on");
        assertThat(outcome.saving()).as("it could all the same").isCloseTo(0.1, within(0.01));
    }

    private PlanOutcome plan(String criterion, double[] rates, int samples, long seed) {
        return planner.plan(MODEL, Map.of("relu0", observed(rates, samples, seed)), policy(criterion));
    }

    private static Policy policy(String criterion) {
        return new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.5),
                Criterion.parse(criterion),
                null,
                null,
                new Policy.Evidence(50, 0.95, 0.05));
    }

    private static double[] spread(double low, double high) {
        return IntStream.range(0, UNITS)
                .mapToDouble(unit -> low + (high - low) * unit / (UNITS - 1))
                .toArray();
    }

    /** Units that are above zero at their rate, by an exponential amount: lower rates have lower variances too. */
    private static PointStatistics observed(double[] rates, int samples, long seed) {
        Random random = new Random(seed);
        ShardKey shard = new ShardKey("m", "1", "relu0", 0);
        List<PaneStatistics> panes = new ArrayList<>();
        for (int pane = 0; pane < PANES; pane++) {
            PaneStatistics statistics = PaneStatistics.create(UNITS, 1);
            BatchBuilder batch = new BatchBuilder(shard, UNITS, 1, "p");
            for (int sample = 0; sample < samples / PANES; sample++) {
                float[] values = new float[UNITS];
                for (int unit = 0; unit < UNITS; unit++) {
                    values[unit] = random.nextDouble() < rates[unit] ? (float) -Math.log(1 - random.nextDouble()) : 0;
                }
                batch.add(values, 0);
            }
            statistics.add(batch.build());
            panes.add(statistics);
        }
        return PointStatistics.of(new WindowRecord(panes).of(shard, new Window(0, PANES, PANES)));
    }

    @Test
    void twiceTheConfidenceTakesMoreSamples() {
        double[] rates = spread(0.02, 0.4);
        Map<String, PointStatistics> seen = Map.of("relu0", observed(rates, 400, 7));
        long usual = needed(seen, 0.95);
        assertThat((double) needed(seen, 0.99) / usual).isCloseTo(1.73, within(0.1));
        assertThat(needed(seen, 0.5)).isLessThan(usual);
    }

    private long needed(Map<String, PointStatistics> seen, double confidence) {
        Policy policy = new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.5),
                Criterion.parse("expressiveness"),
                null,
                null,
                new Policy.Evidence(50, confidence, 0.05));
        return planner.plan(MODEL, seen, policy)
                .readiness()
                .capturePoints()
                .get(0)
                .needed();
    }
}
