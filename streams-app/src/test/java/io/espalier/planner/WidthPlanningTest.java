package io.espalier.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A group of certain widths goes from one to the next, by the lowest units of each block. */
final class WidthPlanningTest {
    private static final List<List<Integer>> BLOCKS = List.of(List.of(0, 1, 2), List.of(3, 4, 5, 6), List.of(7));
    private static final List<List<Integer>> WIDTHS =
            List.of(List.of(3, 4, 1), List.of(2, 4, 1), List.of(2, 1, 1), List.of(1, 1, 0));
    private static final Policy.Limits LOOSE = new Policy.Limits(1, 1, 1);

    private final Planner planner = new Planner();

    @Test
    void takesTheLowestOfEachBlockDownToTheFirstWidthThatIsLowEnough() {
        Map<String, PointStatistics> scores =
                Map.of("relu", Chain.scored(100, new double[] {0.3, 0.1, 0.2, 0.6, 0.9, 0.7, 0.8, 0.0}));
        for (Policy.Ranking ranking : Policy.Ranking.values()) {
            assertThat(remove(scores, ranking, LOOSE, 0.9)).containsExactly(1);
            assertThat(remove(scores, ranking, LOOSE, 0.8)).containsExactly(1, 3, 5, 6);
            assertThat(remove(scores, ranking, LOOSE, 0.3)).containsExactly(1, 2, 3, 5, 6, 7);
        }
    }

    @Test
    void keepsTheNarrowestWidthThatTheLimitsAllow() {
        Group group = group();
        assertThat(new KeptUnits(LOOSE).atLeast(group, 0)).isEqualTo(2);
        assertThat(new KeptUnits(LOOSE).atLeast(group, 3)).isEqualTo(4);
        assertThat(new KeptUnits(LOOSE).atLeast(group, 5)).isEqualTo(7);
        assertThat(new KeptUnits(new Policy.Limits(1, 3, 1)).atLeast(group, 0)).isEqualTo(4);
        assertThat(new KeptUnits(new Policy.Limits(0.2, 1, 1)).atLeast(group, 0))
                .isEqualTo(7);
        assertThat(new KeptUnits(new Policy.Limits(1, 1, 4)).atLeast(group, 0)).isEqualTo(4);
        assertThat(new KeptUnits(new Policy.Limits(1, 1, 3)).atLeast(group, 0)).isEqualTo(8);
    }

    @Test
    void noStepIsTakenBeforeAWiderOneWhateverItsScores() {
        // The second step's units are lower than the first's.
        Map<String, PointStatistics> scores = Map.of(
                "relu", Chain.scored(100, new double[] {0.8, 0.9, 0.9, 0.1, 0.1, 0.1, 0.5, 0.5}),
                "other", Chain.scored(100, new double[] {0.4, 0.4}));
        Group other = new Group("other", 2, List.of(), List.of("other"), Map.of(), List.of(), List.of());
        ModelDescriptor.CapturePoint point = new ModelDescriptor.CapturePoint("other", "other", 2, 1);
        ModelDescriptor model = Chain.model(
                List.of(group(), other),
                List.of(point, new ModelDescriptor.CapturePoint("relu", "g", 8, 1)),
                List.of(term("g"), term("other")));
        Ranking ranking = Chain.ranking(model, scores, policy(Policy.Ranking.GLOBAL, LOOSE, 0.5));
        assertThat(ranking.steps().stream().filter(step -> step.group() == 0).map(Ranking.Step::units))
                .containsExactly(List.of(0), List.of(3, 4, 5), List.of(1, 7));
    }

    @Property
    void keepsAWidthAndALowerTargetKeepsLess(
            @ForAll @DoubleRange(min = 0.3, max = 0.95) double first,
            @ForAll @DoubleRange(min = 0.3, max = 0.95) double second,
            @ForAll Policy.Ranking ranking,
            @ForAll @IntRange(max = 1000) int seed) {
        ModelDescriptor model = model();
        Map<String, PointStatistics> scores = Chain.scores(model, 100, seed);
        List<Integer> less = remove(scores, ranking, LOOSE, Math.max(first, second));
        List<Integer> more = remove(scores, ranking, LOOSE, Math.min(first, second));
        assertThat(more).containsAll(less);
        for (List<Integer> removed : List.of(less, more)) {
            assertThat(WIDTHS)
                    .contains(BLOCKS.stream()
                            .map(block -> (int) block.stream()
                                    .filter(unit -> !removed.contains(unit))
                                    .count())
                            .toList());
        }
    }

    private List<Integer> remove(
            Map<String, PointStatistics> scores, Policy.Ranking ranking, Policy.Limits limits, double keep) {
        return planner.plan(model(), scores, policy(ranking, limits, keep))
                .recommendation()
                .orElseThrow()
                .remove()
                .get("g");
    }

    private static Policy policy(Policy.Ranking ranking, Policy.Limits limits, double keep) {
        return new Policy(
                new Policy.Target(Policy.Metric.MACS, keep),
                Criterion.parse("expressiveness"),
                ranking,
                limits,
                Policy.Evidence.ofSamples(2));
    }

    private static ModelDescriptor model() {
        return Chain.model(
                List.of(group()),
                Stream.of(new ModelDescriptor.CapturePoint("relu", "g", 8, 1)).toList(),
                List.of(term("g")));
    }

    private static Group group() {
        return new Group("g", 8, List.of(), List.of("relu"), Map.of(), BLOCKS, WIDTHS);
    }

    private static CostTerm term(String group) {
        return new CostTerm("conv", 9, List.of(new CostTerm.Extent(0, Map.of(group, 1), 1)));
    }
}
