package io.espalier.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Layers whose units are noisy copies of fewer signals, from raw activations to the plan. */
final class PlantedDuplicatesTest {
    private static final int UNITS = 24;
    private static final int POSITIONS = 9;
    private static final int PANES = 5;

    /** Whatever is removed, a signal that still has other units than the removed ones keeps one as long as any goes. */
    @Property(tries = 40)
    void noSignalIsLostWhileAnotherHasDuplicatesLeft(
            @ForAll long seed, @ForAll @IntRange(min = 8, max = 16) int signals) {
        Random random = new Random(seed);
        int[] signalOf = signals(random, signals);
        List<Integer> removed = removed("expressiveness+redundancy", signalOf, signals, random);
        assertThat(removed).isNotEmpty();
        Set<Integer> kept = new HashSet<>();
        IntStream.range(0, UNITS).filter(unit -> !removed.contains(unit)).forEach(unit -> kept.add(signalOf[unit]));
        // As many units stay as there are signals, or fewer: then each that stays is of another one.
        assertThat(kept).hasSize(Math.min(signals, UNITS - removed.size()));
    }

    /** The same layers under expressiveness alone, which is blind to it. */
    @Property(tries = 10)
    void expressivenessAloneLosesSignals(@ForAll @IntRange(min = 1, max = 1000) int seed) {
        Random random = new Random(seed);
        int[] signalOf = signals(random, 12);
        List<Integer> removed = removed("expressiveness", signalOf, 12, random);
        Set<Integer> kept = new HashSet<>();
        IntStream.range(0, UNITS).filter(unit -> !removed.contains(unit)).forEach(unit -> kept.add(signalOf[unit]));
        assertThat(kept).hasSizeLessThan(12);
    }

    /** Each signal once, the rest at random. */
    private static int[] signals(Random random, int signals) {
        return IntStream.range(0, UNITS)
                .map(unit -> unit < signals ? unit : random.nextInt(signals))
                .toArray();
    }

    private static List<Integer> removed(String criterion, int[] signalOf, int signals, Random random) {
        ModelDescriptor model = Chain.of(UNITS);
        Policy policy = new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.5),
                Criterion.parse(criterion),
                null,
                null,
                new Policy.Evidence(2, 0.5, 1.0));
        return new Planner()
                .plan(model, Map.of("relu0", observed(signalOf, signals, random)), policy)
                .recommendation()
                .orElseThrow()
                .remove()
                .get("g0");
    }

    private static PointStatistics observed(int[] signalOf, int signals, Random random) {
        double[] rates = random.doubles(signals, 0.25, 0.6).toArray();
        ShardKey shard = new ShardKey("m", "1", "relu0", 0);
        List<PaneStatistics> panes = new ArrayList<>();
        BatchBuilder batch = new BatchBuilder(shard, UNITS, POSITIONS, "p");
        for (int pane = 0; pane < PANES; pane++) {
            for (int sample = 0; sample < 60; sample++) {
                batch.add(activations(signalOf, rates, random), 0);
            }
            PaneStatistics statistics = PaneStatistics.create(UNITS, POSITIONS);
            statistics.add(batch.build());
            panes.add(statistics);
        }
        return PointStatistics.of(new WindowRecord(panes).of(shard, new Window(0, PANES, PANES)));
    }

    /**
     * Copies have other amplitudes, and one place in four hundred of their own: at the lowest rate two of them still overlap by
     * 0.98, far from the 0.9 below which chance would decide.
     */
    private static float[] activations(int[] signalOf, double[] rates, Random random) {
        boolean[][] active = new boolean[rates.length][POSITIONS];
        for (int signal = 0; signal < rates.length; signal++) {
            for (int position = 0; position < POSITIONS; position++) {
                active[signal][position] = random.nextDouble() < rates[signal];
            }
        }
        float[] values = new float[UNITS * POSITIONS];
        for (int unit = 0; unit < UNITS; unit++) {
            for (int position = 0; position < POSITIONS; position++) {
                boolean on = active[signalOf[unit]][position] ^ random.nextInt(400) == 0;
                values[unit * POSITIONS + position] = on ? 1 + unit : 0;
            }
        }
        return values;
    }
}
