package io.espalier.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other pruning tools get wrong, by name. */
final class PlannerTrapsTest {
    private final Planner planner = new Planner();

    @Test
    void allScoresEqualUnderGlobalRankingEmptiesNoGroupAndSkipsNone() {
        ModelDescriptor model = Chain.of(
                List.of(new Chain.Layer(8, 1), new Chain.Layer(64, 1), new Chain.Layer(24, 4), new Chain.Layer(16, 2)));
        Map<String, PointStatistics> equal = new HashMap<>();
        model.capturePoints().forEach(point -> {
            double[] scores = new double[point.units()];
            Arrays.fill(scores, 0.25);
            equal.put(point.name(), Chain.scored(100, scores));
        });
        Policy policy = policy("expressiveness", 0.5, Policy.Ranking.GLOBAL, new Policy.Limits(1, 1, 1));
        Recommendation plan =
                planner.plan(model, equal, policy).recommendation().orElseThrow();
        assertThat(plan.macsAfter()).isLessThanOrEqualTo(model.macs() / 2);
        Map<String, Integer> kept = Chain.kept(model, plan);
        for (Group group : model.groups()) {
            double share = (double) kept.get(group.id()) / group.units();
            assertThat(share).isBetween(0.6, 0.8);
            assertThat(plan.remove().get(group.id())).isEqualTo(firstOfEveryBlock(group, kept.get(group.id())));
        }
        assertThat(planner.plan(model, equal, policy).recommendation()).contains(plan);
    }

    /** With everything else equal the lowest indices go. */
    private static List<Integer> firstOfEveryBlock(Group group, int kept) {
        List<List<Integer>> blocks = group.blocks().isEmpty()
                ? List.of(IntStream.range(0, group.units()).boxed().toList())
                : group.blocks();
        int each = (group.units() - kept) / blocks.size();
        return blocks.stream()
                .flatMap(block -> block.stream().limit(each))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.7, 0.5, 0.3, 0.25})
    void capUnderGlobalRankingHoldsForEveryGroup(double keep) {
        ModelDescriptor model =
                Chain.of(List.of(new Chain.Layer(10, 1), new Chain.Layer(64, 1), new Chain.Layer(33, 1)));
        // Group 0 ranks lowest by far, so a global ranking would take it all.
        Map<String, PointStatistics> scores = new HashMap<>(Chain.scores(model, 100, 3));
        scores.put("relu0", Chain.scored(100, new double[10]));
        Policy policy = policy("expressiveness", keep, Policy.Ranking.GLOBAL, new Policy.Limits(0.6, 1, 1));
        Recommendation plan =
                planner.plan(model, scores, policy).recommendation().orElseThrow();
        Map<String, Integer> kept = Chain.kept(model, plan);
        assertThat(kept.get("g0")).isGreaterThanOrEqualTo(4);
        assertThat(kept.get("g1")).isGreaterThanOrEqualTo(26);
        assertThat(kept.get("g2")).isGreaterThanOrEqualTo(14);
        assertThat(plan.macsAfter()).isLessThanOrEqualTo((long) (keep * model.macs()));
    }

    @Test
    void roundingToEightLeavesAGroupOfSixWholeAndGoesOnWithOthers() {
        ModelDescriptor model = Chain.of(6, 40, 8);
        for (Policy.Ranking ranking : Policy.Ranking.values()) {
            Policy policy = policy("l2", 0.5, ranking, new Policy.Limits(1, 1, 8));
            Recommendation plan =
                    planner.plan(model, Map.of(), policy).recommendation().orElseThrow();
            assertThat(Chain.kept(model, plan))
                    .containsEntry("g0", 6)
                    .containsEntry("g2", 8)
                    .hasEntrySatisfying("g1", kept -> assertThat(kept).isIn(8, 16));
        }
    }

    @Test
    void roundingKeepsUpAndNeverGoesBelowOneMultiple() {
        KeptUnits byEight = new KeptUnits(new Policy.Limits(1, 1, 8));
        Group forty = Chain.of(40).groups().get(0);
        assertThat(byEight.atLeast(forty, 17)).isEqualTo(24);
        assertThat(byEight.atLeast(forty, 16)).isEqualTo(16);
        assertThat(byEight.atLeast(forty, 0)).isEqualTo(8);
    }

    @Test
    void saysWhichGroupsACriterionCannotRank() {
        ModelDescriptor seen = Chain.of(8, 8, 8);
        List<Group> groups = new ArrayList<>(seen.groups());
        Group hidden = groups.get(1);
        groups.set(
                1, new Group(hidden.id(), 8, hidden.members(), List.of(), hidden.importance(), List.of(), List.of()));
        ModelDescriptor model = Chain.model(
                groups,
                List.of(seen.capturePoints().get(0), seen.capturePoints().get(2)),
                seen.macTerms());
        Policy policy = policy("expressiveness", 0.7, Policy.Ranking.UNIFORM, Policy.Limits.DEFAULT);
        PlanOutcome outcome = planner.plan(model, Chain.scores(model, 100, 1), policy);
        assertThat(outcome.recommendation().orElseThrow().remove()).containsOnlyKeys("g0", "g2");
        assertThat(outcome.readiness().reason())
                .endsWith("; 1 of 3 groups lack a capture point and are left whole: g1");
        assertThat(planner.plan(model, Map.of(), policy("l2", 0.7, null, null))
                        .readiness()
                        .reason())
                .endsWith("units");
    }

    @Test
    void saysThatNoGroupHasACapturePoint() {
        ModelDescriptor seen = Chain.of(8);
        Group group = seen.groups().get(0);
        ModelDescriptor model = Chain.model(
                List.of(new Group(group.id(), 8, group.members(), List.of(), group.importance(), List.of(), List.of())),
                List.of(),
                seen.macTerms());
        assertThat(planner.plan(model, Map.of(), policy("expressiveness", 0.7, null, null))
                        .readiness()
                        .reason())
                .isEqualTo("none of the 1 groups has a capture point, which expressiveness looks at: use l1 or l2");
    }

    @Test
    void saysWhichStatisticIsMissingAndHowItComes() {
        ModelDescriptor model = Chain.of(8, 8, 8);
        Map<String, PointStatistics> scores = new HashMap<>(Chain.scores(model, 100, 1));
        scores.put("relu1", Chain.scored(100, new double[8]));
        PlanOutcome outcome = planner.plan(model, scores, policy("saliency", 0.7, null, null));
        assertThat(outcome.recommendation()).isEmpty();
        assertThat(outcome.readiness().ready()).isFalse();
        assertThat(outcome.readiness().reason())
                .startsWith("1 of 3 capture points, relu1, lack a residual_variance, which saliency looks at: "
                        + "set espalier.sampling.products=true on every sidecar")
                .doesNotContain("\n");
        scores.put("relu0", Chain.scored(100, new double[8]));
        assertThat(planner.plan(model, scores, policy("fluctuation", 0.7, null, null))
                        .readiness()
                        .reason())
                .isEqualTo("2 of 3 capture points, relu0 the first, lack a variance, which fluctuation looks at: "
                        + "let all streams services be of this version");
        assertThat(planner.plan(model, scores, policy("expressiveness", 0.7, null, null))
                        .recommendation())
                .isPresent();
    }

    @Test
    void aDescriptorOfAnOlderVersionIsRankedByWhatItHas() {
        ModelDescriptor now = Chain.of(8, 8);
        List<Group> groups = now.groups().stream()
                .map(group -> new Group(
                        group.id(),
                        group.units(),
                        group.members(),
                        group.capturePoints(),
                        Map.of("l2", group.importance().get("l2")),
                        List.of(),
                        List.of()))
                .toList();
        ModelDescriptor old = Chain.model(groups, now.capturePoints(), now.macTerms());
        Map<String, PointStatistics> scores = Chain.scores(old, 100, 1);
        assertThat(planner.plan(old, scores, policy("hybrid:0.5", 0.7, null, null))
                        .recommendation())
                .isPresent();
        assertThat(planner.plan(old, scores, policy("saliency", 0.7, null, null))
                        .readiness()
                        .reason())
                .isEqualTo(
                        "none of the 2 groups has the importance consumer_l2 (a weight that reads each of its "
                                + "units), which saliency looks at: use l2, or let a sidecar of this version register the model");
    }

    @Test
    void latencyIsRefusedWhereNobodyMeasured() {
        Policy policy = new Policy(Policy.Target.parse("latency=0.6"), Criterion.parse("l2"), null, null, null);
        PlanOutcome outcome = planner.plan(Chain.of(8), Map.of(), policy);
        assertThat(outcome.recommendation()).isEmpty();
        assertThat(outcome.readiness().ready()).isFalse();
        assertThat(outcome.readiness().reason()).startsWith("a target of latency needs times measured");
    }

    @Test
    void aMeasuredCostMayRiseOnTheWay() {
        // Odd widths are slower than the even ones above them, and the narrowest is slowest of all.
        ModelDescriptor model = Chain.of(8);
        Policy policy = policy("l2", 0.5, null, new Policy.Limits(1, 1, 1));
        double[] times = {0, 9, 4, 6, 5, 7, 6, 9, 8};
        Recommendation plan = planner.plan(model, Map.of(), policy, kept -> times[kept.get("g0")])
                .recommendation()
                .orElseThrow();
        assertThat(Chain.kept(model, plan)).containsEntry("g0", 2);
        assertThat(planner.plan(model, Map.of(), policy("l2", 0.4, null, null), kept -> times[kept.get("g0")])
                        .readiness()
                        .reason())
                .isEqualTo("the target keeps 0.400 of the macs, and the limits allow 0.500 at the least: loosen them");
    }

    private static Policy policy(String criterion, double keep, Policy.Ranking ranking, Policy.Limits limits) {
        return new Policy(
                new Policy.Target(Policy.Metric.MACS, keep),
                Criterion.parse(criterion),
                ranking,
                limits,
                Policy.Evidence.ofSamples(2));
    }
}
