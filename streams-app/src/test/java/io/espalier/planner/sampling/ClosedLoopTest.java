package io.espalier.planner.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Artifact;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Twenty capture points, most of which tell their units apart soon and some late, sampled alike or as the directives say:
 * the same plan comes of it, for a third of the bytes at most.
 */
final class ClosedLoopTest {
    private static final Logger LOG = LoggerFactory.getLogger(ClosedLoopTest.class);
    private static final int POINTS = 20;
    private static final int UNITS = 16;
    private static final int REQUESTS_PER_PANE = 120;
    /** As many samples as a sidecar puts into a batch; what is left waits no longer than a pane. */
    private static final int BATCH = 32;

    private static final int PANES = 600;
    private static final double FLOOR = 0.005;
    private static final Duration PANE = Duration.ofMinutes(1);
    private static final ModelDescriptor MODEL = model();
    private static final Policy POLICY = new Policy(
            new Policy.Target(Policy.Metric.MACS, 0.5),
            Criterion.parse("expressiveness"),
            null,
            null,
            new Policy.Evidence(100, 0.95, 0.0));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void reachesTheSamePlanWithAThirdOfTheBytes(long seed) {
        Run uniform = new Run(seed, false);
        Run closed = new Run(seed + 100, true);
        assertThat(closed.plan.remove()).isEqualTo(uniform.plan.remove());
        LOG.info(
                "{} bytes in {} panes, {} in {} when all are sampled alike: {}",
                closed.bytes,
                closed.panes,
                uniform.bytes,
                uniform.panes,
                (double) closed.bytes / uniform.bytes);
        assertThat((double) closed.bytes / uniform.bytes).isLessThanOrEqualTo(1.0 / 3);
    }

    /** Samples until the planner speaks. */
    private static final class Run {
        private final Planner planner = new Planner();
        private final SamplingRates loop = new SamplingRates(PANE.multipliedBy(PANES), FLOOR, Double.POSITIVE_INFINITY);
        private final Map<String, List<PaneStatistics>> windows = new HashMap<>();
        private final Map<String, FullSpeed> speeds = new HashMap<>();
        private final Map<String, Double> rates = new TreeMap<>();
        private final Random random;
        private Recommendation plan;
        private long bytes;
        private int panes;

        Run(long seed, boolean closed) {
            random = new Random(seed);
            MODEL.capturePoints().forEach(point -> rates.put(point.name(), 1.0));
            while (plan == null && panes < PANES) {
                samplePane();
                Map<String, PointStatistics> points = new HashMap<>();
                windows.forEach((point, window) -> points.put(
                        point,
                        PointStatistics.of(new WindowRecord(window)
                                .of(new ShardKey("m", "1", point, 0), new Window(0, panes, window.size())))));
                PlanOutcome outcome = planner.plan(MODEL, points, POLICY);
                plan = outcome.recommendation().orElse(null);
                if (closed) {
                    rates.putAll(loop.of(outcome.readiness().capturePoints().stream()
                            .map(this::sampled)
                            .toList()));
                }
            }
            assertThat(plan).as("a plan within %s panes", PANES).isNotNull();
        }

        private SampledPoint sampled(Readiness.Point point) {
            return new SampledPoint(
                    point.name(),
                    point.samples(),
                    point.needed(),
                    (double) panes / PANES,
                    false,
                    speeds.get(point.name()).perSecond(),
                    rates.get(point.name()),
                    UNITS);
        }

        private void samplePane() {
            panes++;
            for (int number = 0; number < POINTS; number++) {
                String name = "relu" + number;
                BatchBuilder batch = new BatchBuilder(new ShardKey("m", "1", name, 0), UNITS, 1, "p");
                PaneStatistics pane = PaneStatistics.create(UNITS, 1);
                for (int request = 0; request < REQUESTS_PER_PANE; request++) {
                    if (random.nextDouble() < rates.get(name)) {
                        batch.add(sample(number), 0);
                    }
                    if (batch.samples() == BATCH || (request == REQUESTS_PER_PANE - 1 && batch.samples() > 0)) {
                        send(batch.build(), pane);
                    }
                }
                long samples = pane.counters().samples();
                speeds.computeIfAbsent(name, key -> new FullSpeed())
                        .observe((double) samples, rates.get(name), (double) PANE.toSeconds());
                if (samples > 0) {
                    windows.computeIfAbsent(name, key -> new ArrayList<>()).add(pane);
                }
            }
        }

        private void send(ActivationBatch batch, PaneStatistics pane) {
            bytes += batch.getSerializedSize();
            pane.add(batch);
        }

        /** Half of the units are rare and half are not; how far apart they are differs from point to point. */
        private float[] sample(int number) {
            double gap = 0.02 + 0.12 * Math.min(1, number / 12.0);
            float[] values = new float[UNITS];
            for (int unit = 0; unit < UNITS; unit++) {
                double rate = unit < UNITS / 2 ? 0.2 - gap / 2 : 0.2 + gap / 2;
                values[unit] = random.nextDouble() < rate ? 1 : -1;
            }
            return values;
        }
    }

    private static ModelDescriptor model() {
        List<Group> groups = new ArrayList<>();
        List<CapturePoint> points = new ArrayList<>();
        List<CostTerm> terms = new ArrayList<>();
        for (int number = 0; number < POINTS; number++) {
            String group = "conv" + number;
            String point = "relu" + number;
            groups.add(new Group(group, UNITS, List.of(), List.of(point), Map.of(), List.of(), List.of()));
            points.add(new CapturePoint(point, group, UNITS, 1));
            terms.add(new CostTerm(group, 10, List.of(new CostTerm.Extent(0, Map.of(group, 1), 1))));
        }
        long cost = 10L * UNITS * POINTS;
        return new ModelDescriptor(
                "m",
                "1",
                new Artifact("file:///m.pt", "0".repeat(64)),
                List.of(),
                cost,
                cost,
                List.of(),
                groups,
                points,
                terms,
                terms,
                List.of());
    }
}
