package io.espalier.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Groups that must lose equally many units of every block, as those of grouped convolutions and of chunks. */
final class BlockPlanningTest {
    private final Planner planner = new Planner();

    record Case(List<Chain.Layer> layers, String criterion, Policy.Ranking ranking, Policy.Limits limits, long seed) {
        ModelDescriptor model() {
            return Chain.of(layers);
        }

        Policy policy(double keep) {
            return new Policy(
                    new Policy.Target(Policy.Metric.MACS, keep),
                    Criterion.parse(criterion),
                    ranking,
                    limits,
                    Policy.Evidence.ofSamples(2));
        }

        Map<String, PointStatistics> scores() {
            return Chain.scores(model(), 100, seed);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Chain.Layer> layer = Combinators.combine(
                        Arbitraries.integers().between(1, 12), Arbitraries.of(1, 1, 2, 3, 4, 8))
                .as((size, blocks) -> new Chain.Layer(size * blocks, blocks));
        Arbitrary<Policy.Limits> limits = Combinators.combine(
                        Arbitraries.of(0.3, 0.5, 0.6, 0.75, 0.9, 1.0),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.integers().between(1, 8))
                .as(Policy.Limits::new);
        return Combinators.combine(
                        layer.list().ofMinSize(1).ofMaxSize(5),
                        Arbitraries.of("expressiveness", "l1", "l2", "hybrid:0.3", "random:4"),
                        Arbitraries.of(Policy.Ranking.values()),
                        limits,
                        Arbitraries.longs())
                .as(Case::new);
    }

    @Property(tries = 500)
    void keepsBlocksEvenAndLimitsAndReachesTheTargetOrSaysWhy(
            @ForAll("cases") Case one, @ForAll @DoubleRange(min = 0.05, max = 0.95) double keep) {
        ModelDescriptor model = one.model();
        PlanOutcome outcome = planner.plan(model, one.scores(), one.policy(keep));
        if (outcome.recommendation().isEmpty()) {
            assertThat(outcome.readiness().reason()).contains("the limits allow");
            assertThat(CostTerm.total(model.macTerms(), fewest(model, one.limits())))
                    .isGreaterThan((long) (keep * model.macs()));
            return;
        }
        Recommendation plan = outcome.recommendation().get();
        assertThat(plan.macsAfter()).isLessThanOrEqualTo((long) (keep * model.macs()));
        Map<String, Integer> kept = Chain.kept(model, plan);
        for (Group group : model.groups()) {
            List<Integer> removed = plan.remove().getOrDefault(group.id(), List.of());
            assertThat(group.blocks().stream()
                            .map(block ->
                                    block.stream().filter(removed::contains).count())
                            .distinct())
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(allowed(group, kept.get(group.id()), one.limits())).isTrue();
        }
    }

    @Property(tries = 300)
    void aLowerTargetRemovesWhatAHigherOneRemovesAndMore(
            @ForAll("cases") Case one,
            @ForAll @DoubleRange(min = 0.05, max = 0.95) double first,
            @ForAll @DoubleRange(min = 0.05, max = 0.95) double second) {
        Optional<Recommendation> less = recommend(one, Math.max(first, second));
        Optional<Recommendation> more = recommend(one, Math.min(first, second));
        // What reaches the lower target reaches the higher one.
        assertThat(more.isPresent() && less.isEmpty()).isFalse();
        if (more.isPresent()) {
            less.get()
                    .remove()
                    .forEach((group, units) ->
                            assertThat(more.get().remove().get(group)).containsAll(units));
        }
    }

    @Property(tries = 100)
    void costFallsAlongTheWholeChainOfCuts(@ForAll("cases") Case one) {
        // What bisection rests on, with the divisors that blocks bring.
        ModelDescriptor model = one.model();
        Ranking ranking = Chain.ranking(model, one.scores(), one.policy(0.5));
        KeptUnits kept = new KeptUnits(one.limits());
        Map<String, Integer> wanted = new HashMap<>();
        model.groups().forEach(group -> wanted.put(group.id(), group.units()));
        long before = model.macs();
        for (Ranking.Step step : ranking.steps()) {
            wanted.merge(model.groups().get(step.group()).id(), -step.units().size(), Integer::sum);
            Map<String, Integer> sizes = new HashMap<>();
            model.groups().forEach(group -> sizes.put(group.id(), kept.atLeast(group, wanted.get(group.id()))));
            long cost = CostTerm.total(model.macTerms(), sizes);
            assertThat(cost).isLessThanOrEqualTo(before);
            before = cost;
        }
    }

    @Property(tries = 200)
    void walkingAndBisectionFindTheSameCut(
            @ForAll("cases") Case one, @ForAll @DoubleRange(min = 0.05, max = 0.95) double keep) {
        ModelDescriptor model = one.model();
        PlanOutcome walked =
                planner.plan(model, one.scores(), one.policy(keep), kept -> CostTerm.total(model.macTerms(), kept));
        assertThat(walked).isEqualTo(planner.plan(model, one.scores(), one.policy(keep)));
    }

    @Property(tries = 200)
    void theOrderOfMapsChangesNothing(
            @ForAll("cases") Case one, @ForAll @DoubleRange(min = 0.2, max = 0.95) double keep) {
        ModelDescriptor model = one.model();
        List<String> points = new ArrayList<>(one.scores().keySet());
        Collections.shuffle(points, new Random(one.seed()));
        Map<String, PointStatistics> shuffled = new LinkedHashMap<>();
        points.forEach(point -> shuffled.put(point, one.scores().get(point)));
        assertThat(new Planner().plan(model, shuffled, one.policy(keep)))
                .isEqualTo(planner.plan(model, one.scores(), one.policy(keep)));
    }

    @Test
    void takesTheLowestOfEveryBlock() {
        // Globally lowest are 0, 1 and 2: all of block 0.
        ModelDescriptor model = grouped(List.of(List.of(0, 1, 2), List.of(3, 4, 5)));
        Map<String, PointStatistics> scores =
                Map.of("relu", Chain.scored(100, new double[] {0.1, 0.0, 0.2, 0.5, 0.3, 0.4}));
        for (Policy.Ranking ranking : Policy.Ranking.values()) {
            assertThat(remove(model, scores, ranking, new Policy.Limits(1, 1, 1), 0.7))
                    .containsExactly(1, 4);
            assertThat(remove(model, scores, ranking, new Policy.Limits(1, 1, 1), 0.4))
                    .containsExactly(0, 1, 4, 5);
        }
    }

    @Test
    void breaksTiesWithinABlockByIndex() {
        ModelDescriptor model = grouped(List.of(List.of(0, 2, 4), List.of(1, 3, 5)));
        Map<String, PointStatistics> scores = Map.of("relu", Chain.scored(100, new double[6]));
        assertThat(remove(model, scores, Policy.Ranking.GLOBAL, new Policy.Limits(1, 1, 1), 0.7))
                .containsExactly(0, 1);
    }

    @Test
    void roundsUpToWhatLimitAndBlocksHaveInCommon() {
        KeptUnits byEight = new KeptUnits(new Policy.Limits(1, 1, 8));
        // 3 blocks and multiples of 8: multiples of 24.
        assertThat(byEight.atLeast(sized(48, 3), 9)).isEqualTo(24);
        assertThat(byEight.atLeast(sized(48, 3), 27)).isEqualTo(48);
        assertThat(byEight.atLeast(sized(12, 3), 3)).isEqualTo(12);
        assertThat(byEight.atLeast(sized(64, 32), 32)).isEqualTo(32);
        // 2 blocks and multiples of 8: multiples of 8.
        assertThat(byEight.atLeast(sized(48, 2), 10)).isEqualTo(16);
    }

    @Test
    void keepsTheLeastNumberOfUnitsOverAllBlocks() {
        KeptUnits five = new KeptUnits(new Policy.Limits(1, 5, 1));
        assertThat(five.atLeast(sized(16, 4), 0)).isEqualTo(8);
        assertThat(five.atLeast(sized(16, 1), 0)).isEqualTo(5);
        assertThat(five.atLeast(sized(4, 4), 0)).isEqualTo(4);
    }

    @Test
    void neverEmptiesABlock() {
        KeptUnits loose = new KeptUnits(new Policy.Limits(1, 1, 1));
        assertThat(loose.atLeast(sized(32, 8), 0)).isEqualTo(8);
        assertThat(loose.atLeast(sized(8, 8), 0)).isEqualTo(8);
    }

    private Optional<Recommendation> recommend(Case one, double keep) {
        return planner.plan(one.model(), one.scores(), one.policy(keep)).recommendation();
    }

    private List<Integer> remove(
            ModelDescriptor model,
            Map<String, PointStatistics> scores,
            Policy.Ranking ranking,
            Policy.Limits limits,
            double keep) {
        Policy policy = new Policy(
                new Policy.Target(Policy.Metric.MACS, keep),
                Criterion.parse("expressiveness"),
                ranking,
                limits,
                Policy.Evidence.ofSamples(2));
        return planner.plan(model, scores, policy)
                .recommendation()
                .orElseThrow()
                .remove()
                .get("g");
    }

    private static ModelDescriptor grouped(List<List<Integer>> blocks) {
        Group group = new Group("g", 6, List.of(), List.of("relu"), Map.of(), blocks, List.of());
        CostTerm.Extent units = new CostTerm.Extent(0, Map.of("g", 1), 1);
        return Chain.model(
                List.of(group),
                List.of(new ModelDescriptor.CapturePoint("relu", "g", 6, 1)),
                List.of(new CostTerm("conv", 9, List.of(units))));
    }

    private static Group sized(int units, int blocks) {
        return Chain.of(List.of(new Chain.Layer(units, blocks))).groups().get(0);
    }

    /** The limits, read one by one. */
    private static boolean allowed(Group group, int kept, Policy.Limits limits) {
        int blocks = Math.max(1, group.blocks().size());
        return kept == group.units()
                || (kept >= Math.max(limits.minKept(), blocks)
                        && kept % blocks == 0
                        && kept % limits.multipleOf() == 0
                        && group.units() - kept <= limits.maxRemoved() * group.units());
    }

    /** The fewest units of every group that the limits allow, each count tried. */
    private static Map<String, Integer> fewest(ModelDescriptor model, Policy.Limits limits) {
        Map<String, Integer> fewest = new HashMap<>();
        model.groups()
                .forEach(group -> fewest.put(
                        group.id(),
                        IntStream.rangeClosed(1, group.units())
                                .filter(kept -> allowed(group, kept, limits))
                                .findFirst()
                                .getAsInt()));
        return fewest;
    }
}
