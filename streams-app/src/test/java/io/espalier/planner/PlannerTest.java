package io.espalier.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class PlannerTest {
    private static final Policy.Evidence ENOUGH = Policy.Evidence.ofSamples(100);
    private static final List<String> CRITERIA = List.of(
            "expressiveness", "l1", "l2", "bn_scale", "hybrid:0.3", "fluctuation", "apoz", "saliency", "random:4");
    private final Planner planner = new Planner();

    private static Policy policy(String criterion, double keep, Policy.Ranking ranking, Policy.Limits limits) {
        return new Policy(
                new Policy.Target(Policy.Metric.MACS, keep), Criterion.parse(criterion), ranking, limits, ENOUGH);
    }

    @Property(tries = 400)
    void reachesTheTargetWithinAllLimits(
            @ForAll @IntRange(min = 1, max = 5) int layers,
            @ForAll @DoubleRange(min = 0.2, max = 0.95) double keep,
            @ForAll @IntRange(min = 1, max = 8) int multiple,
            @ForAll @IntRange(min = 1, max = 6) int minKept,
            @ForAll boolean global,
            @ForAll long seed) {
        Random random = new Random(seed);
        ModelDescriptor model = Chain.of(
                IntStream.range(0, layers).map(layer -> 1 + random.nextInt(40)).toArray());
        String criterion = CRITERIA.get(random.nextInt(CRITERIA.size()));
        Policy.Limits limits = new Policy.Limits(0.5 + random.nextInt(6) / 10.0, minKept, multiple);
        Policy policy = policy(criterion, keep, global ? Policy.Ranking.GLOBAL : Policy.Ranking.UNIFORM, limits);
        PlanOutcome outcome = planner.plan(model, Chain.scores(model, 100, seed), policy);

        assertThat(outcome.readiness().ready()).isTrue();
        if (outcome.recommendation().isEmpty()) {
            assertThat(outcome.readiness().reason()).contains("limits");
            assertThat(CostTerm.total(model.macTerms(), leastKept(model, limits)))
                    .isGreaterThan((long) (keep * model.macs()));
            return;
        }
        Recommendation plan = outcome.recommendation().get();
        assertThat(plan.macsAfter()).isLessThanOrEqualTo((long) (keep * model.macs()));
        assertThat(plan.macsAfter()).isEqualTo(CostTerm.total(model.macTerms(), Chain.kept(model, plan)));
        assertThat(outcome.saving()).isCloseTo(1 - (double) plan.macsAfter() / plan.macsBefore(), within(1e-12));
        for (ModelDescriptor.Group group : model.groups()) {
            int left = Chain.kept(model, plan).get(group.id());
            assertThat(left).isGreaterThanOrEqualTo(Math.min(minKept, group.units()));
            assertThat(group.units() - left).isLessThanOrEqualTo((int) (limits.maxRemoved() * group.units()));
            assertThat(left == group.units() || left % multiple == 0).isTrue();
        }
    }

    @Property(tries = 200)
    void removesNoUnitMoreThanTheTargetAsks(
            @ForAll @IntRange(min = 2, max = 60) int units,
            @ForAll @DoubleRange(min = 0.1, max = 0.95) double keep,
            @ForAll boolean global) {
        ModelDescriptor model = Chain.of(units);
        Policy policy = policy(
                "random:3", keep, global ? Policy.Ranking.GLOBAL : Policy.Ranking.UNIFORM, new Policy.Limits(1, 1, 1));
        planner.plan(model, Map.of(), policy).recommendation().ifPresent(plan -> {
            int left = units - plan.unitsRemoved();
            assertThat(CostTerm.total(model.macTerms(), Map.of("g0", left + 1)))
                    .isGreaterThan((long) (keep * model.macs()));
        });
    }

    @Test
    void removesTheLeastExpressiveUnits() {
        ModelDescriptor model = Chain.of(6);
        Map<String, PointStatistics> scores =
                Map.of("relu0", Chain.scored(100, new double[] {0.4, 0.1, 0.3, 0.0, 0.5, 0.2}));
        Recommendation plan = planner.plan(model, scores, policy("expressiveness", 0.5, null, null))
                .recommendation()
                .orElseThrow();
        assertThat(plan.remove()).containsExactly(Map.entry("g0", List.of(1, 3, 5)));
        assertThat(plan.evidence()).containsExactly(Map.entry("relu0", 100L));
        assertThat(plan.unitsRemoved()).isEqualTo(3);
    }

    @Test
    void breaksTiesByIndex() {
        ModelDescriptor model = Chain.of(6, 6);
        Map<String, PointStatistics> scores =
                Map.of("relu0", Chain.scored(100, new double[6]), "relu1", Chain.scored(100, new double[6]));
        for (Policy.Ranking ranking : Policy.Ranking.values()) {
            Recommendation plan = planner.plan(model, scores, policy("expressiveness", 0.4, ranking, null))
                    .recommendation()
                    .orElseThrow();
            plan.remove()
                    .forEach((group, units) -> assertThat(units)
                            .isEqualTo(IntStream.range(0, units.size()).boxed().toList()));
        }
    }

    @Test
    void averagesTheCapturePointsOfAGroup() {
        ModelDescriptor one = Chain.of(4);
        ModelDescriptor.Group group = one.groups().get(0);
        ModelDescriptor model = new ModelDescriptor(
                "m",
                "1",
                one.artifact(),
                List.of(),
                one.params(),
                one.macs(),
                List.of(),
                List.of(new ModelDescriptor.Group(
                        "g0", 4, group.members(), List.of("a", "b"), group.importance(), List.of(), List.of())),
                List.of(
                        new ModelDescriptor.CapturePoint("a", "g0", 4, 1),
                        new ModelDescriptor.CapturePoint("b", "g0", 4, 1)),
                one.paramTerms(),
                one.macTerms(),
                List.of());
        Map<String, PointStatistics> scores = Map.of(
                "a", Chain.scored(100, new double[] {0.0, 0.1, 0.2, 0.3}),
                "b", Chain.scored(100, new double[] {0.5, 0.1, 0.0, 0.3}));
        Recommendation plan = planner.plan(model, scores, policy("expressiveness", 0.5, null, null))
                .recommendation()
                .orElseThrow();
        assertThat(plan.remove().get("g0")).containsExactly(1, 2);
    }

    @Test
    void staysSilentUntilEveryCapturePointHasItsSamplesAndSaysSo() {
        ModelDescriptor model = Chain.of(4, 4);
        Map<String, PointStatistics> scores = new HashMap<>(Chain.scores(model, 100, 1));
        scores.put("relu1", Chain.scored(99, new double[4]));
        Policy policy = policy("expressiveness", 0.5, null, null);
        PlanOutcome outcome = planner.plan(model, scores, policy);
        assertThat(outcome.recommendation()).isEmpty();
        assertThat(outcome.readiness().ready()).isFalse();
        assertThat(outcome.readiness().reason())
                .isEqualTo(
                        "1 of 2 capture points have fewer than the 100 samples the policy asks for; the fewest is 99");
        scores.remove("relu1");
        assertThat(planner.plan(model, scores, policy).readiness().reason()).endsWith("the fewest is 0");
    }

    @Test
    void needsNoSamplesWhereTheCriterionLooksAtNone() {
        ModelDescriptor model = Chain.of(4, 4);
        assertThat(planner.plan(model, Map.of(), policy("l2", 0.5, null, null)).recommendation())
                .isPresent();
    }

    @Test
    void saysWhyItHasNothingToRemove() {
        ModelDescriptor model = Chain.of(8);
        assertThat(planner.plan(model, Map.of(), policy("l2", 1, null, null))
                        .readiness()
                        .reason())
                .isEqualTo("the model is within the target as it is");
        Policy tight = policy("l2", 0.1, null, new Policy.Limits(0.25, 1, 1));
        assertThat(planner.plan(model, Map.of(), tight).readiness().reason())
                .isEqualTo("the target keeps 0.100 of the macs, and the limits allow 0.750 at the least: loosen them");
        ModelDescriptor uncut = new ModelDescriptor(
                "m",
                "1",
                model.artifact(),
                List.of(),
                1,
                1,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        assertThat(planner.plan(uncut, Map.of(), tight).readiness().reason())
                .startsWith("no group of units can be cut");
    }

    @Property(tries = 50)
    void isAPureFunction(@ForAll long seed, @ForAll boolean global) {
        ModelDescriptor model = Chain.of(12, 9, 30);
        Policy policy = policy(
                "hybrid:0.5", 0.5, global ? Policy.Ranking.GLOBAL : Policy.Ranking.UNIFORM, Policy.Limits.DEFAULT);
        Map<String, PointStatistics> scores = Chain.scores(model, 100, seed);
        Map<String, PointStatistics> otherOrder = new LinkedHashMap<>();
        scores.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .forEach(point -> otherOrder.put(point, scores.get(point)));
        assertThat(new Planner().plan(model, otherOrder, policy)).isEqualTo(planner.plan(model, scores, policy));
    }

    @Test
    void namesARecommendationByItsContent() {
        ModelDescriptor model = Chain.of(12, 9);
        String id = id(model, policy("random:1", 0.5, null, null));
        assertThat(id(model, policy("random:1", 0.5, null, null))).isEqualTo(id);
        assertThat(id(model, policy("random:2", 0.5, null, null))).isNotEqualTo(id);
        assertThat(id(Chain.of(12, 10), policy("random:1", 0.5, null, null))).isNotEqualTo(id);
    }

    @Test
    void globalRankingCutsWhereUnitsMatterLeast() {
        ModelDescriptor model = Chain.of(10, 10);
        double[] low = new double[10];
        double[] high = new double[10];
        Arrays.fill(high, 0.4);
        Map<String, PointStatistics> scores = Map.of("relu0", Chain.scored(100, high), "relu1", Chain.scored(100, low));
        Recommendation plan = planner.plan(
                        model, scores, policy("expressiveness", 0.7, Policy.Ranking.GLOBAL, Policy.Limits.DEFAULT))
                .recommendation()
                .orElseThrow();
        assertThat(plan.remove()).containsOnlyKeys("g1");
    }

    private String id(ModelDescriptor model, Policy policy) {
        return planner.plan(model, Map.of(), policy)
                .recommendation()
                .orElseThrow()
                .id();
    }

    /** What the limits, read one by one, leave of each group at the least. */
    private static Map<String, Integer> leastKept(ModelDescriptor model, Policy.Limits limits) {
        Map<String, Integer> least = new HashMap<>();
        for (ModelDescriptor.Group group : model.groups()) {
            int kept = group.units();
            for (int fewer = 1; fewer < group.units(); fewer++) {
                boolean allowed = fewer >= limits.minKept()
                        && fewer % limits.multipleOf() == 0
                        && group.units() - fewer <= limits.maxRemoved() * group.units();
                if (allowed) {
                    kept = fewer;
                    break;
                }
            }
            least.put(group.id(), kept);
        }
        return least;
    }

    @Test
    void givesTheOrderOfUnitsWhereSizesAreSearchedForAndNoOther() {
        ModelDescriptor model = Chain.of(6, 4);
        Map<String, PointStatistics> scores = Chain.scores(model, 100, 3);
        Recommendation uniform = planner.plan(
                        model, scores, policy("l2", 0.5, Policy.Ranking.UNIFORM, Policy.Limits.DEFAULT))
                .recommendation()
                .orElseThrow();
        Recommendation searched = planner.plan(
                        model, scores, policy("l2", 0.5, Policy.Ranking.SEARCH, Policy.Limits.DEFAULT))
                .recommendation()
                .orElseThrow();
        assertThat(uniform.order()).isEmpty();
        assertThat(searched.remove()).isEqualTo(uniform.remove());
        Map<String, double[]> values = UnitOrder.values(model, searched.order());
        for (ModelDescriptor.Group group : model.groups()) {
            float[] norms = group.importance().get("l2");
            assertThat(searched.order().get(group.id()))
                    .isSortedAccordingTo(Comparator.comparingDouble(unit -> norms[unit]))
                    .hasSize(group.units());
            assertThat(searched.order().get(group.id()))
                    .isSortedAccordingTo(Comparator.comparingDouble(unit -> values.get(group.id())[unit]));
        }
    }
}
