package io.espalier.planner;

import io.espalier.planner.criterion.Criteria;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.planner.criterion.UnitCriterion;
import io.espalier.planner.drift.CutLines;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Metric;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Chooses the units to remove. A pure function: equal descriptor, scores and policy give an equal plan, whatever the
 * order of their maps; nothing is remembered and no clock is read.
 */
public final class Planner {
    private static final String NO_TIMES =
            "a target of latency needs times measured on the machine that serves, and there "
                    + "are none here: set macs=SHARE or params=SHARE, or use the command espalier prune";

    /**
     * Plans for one model.
     *
     * @param scores per capture point, those that are known
     * @return readiness without times, and the smallest cut that reaches the policy's target, if there is one
     */
    public PlanOutcome plan(ModelDescriptor descriptor, Map<String, PointStatistics> scores, Policy policy) {
        if (policy.target().metric() == Metric.LATENCY) {
            return silent(descriptor, Evidence.of(descriptor, scores, policy), false, NO_TIMES);
        }
        return plan(descriptor, scores, policy, Cost.counted(descriptor, policy.target()));
    }

    /** The same; of a descriptor that contradicts itself it is why there is no plan, so that other models still get theirs. */
    public PlanOutcome planOrSayWhyNot(ModelDescriptor descriptor, Map<String, PointStatistics> scores, Policy policy) {
        try {
            return plan(descriptor, scores, policy);
        } catch (RuntimeException e) {
            String reason = "no plan can be made of this descriptor: " + e.getMessage();
            return PlanOutcome.silent(
                    new Readiness(descriptor.model(), descriptor.version(), false, reason, List.of()));
        }
    }

    /**
     * The same for a cost that somebody measured, as a target of {@code latency} needs it.
     *
     * @param measured the cost when that many units of each group are kept, of every group one entry; in any unit, above 0
     *     for the whole model, and always the same for the same counts
     */
    public PlanOutcome plan(
            ModelDescriptor descriptor,
            Map<String, PointStatistics> scores,
            Policy policy,
            ToDoubleFunction<Map<String, Integer>> measured) {
        return plan(descriptor, scores, policy, Cost.measured(descriptor, policy.target(), measured));
    }

    /**
     * The same by values that somebody computed with the model and inputs at hand.
     *
     * @param values per group and unit; the lower, the sooner it goes; groups that are not in it are left whole
     */
    public PlanOutcome planBy(ModelDescriptor descriptor, Map<String, double[]> values, Policy policy) {
        return planBy(descriptor, values, policy, Cost.counted(descriptor, policy.target()));
    }

    /** The same for a cost that somebody measured. */
    public PlanOutcome planBy(
            ModelDescriptor descriptor,
            Map<String, double[]> values,
            Policy policy,
            ToDoubleFunction<Map<String, Integer>> measured) {
        return planBy(descriptor, values, policy, Cost.measured(descriptor, policy.target(), measured));
    }

    private static PlanOutcome planBy(
            ModelDescriptor descriptor, Map<String, double[]> values, Policy policy, Cost cost) {
        Evidence evidence = Evidence.of(descriptor, Map.of(), policy);
        List<Group> groups = descriptor.groups().stream()
                .filter(group -> values.containsKey(group.id()))
                .toList();
        List<double[]> inOrder =
                groups.stream().map(group -> values.get(group.id())).toList();
        // Whoever computed the values has judged them.
        return plan(descriptor, evidence, policy, cost, groups, inOrder, "", removed -> Optional.empty());
    }

    private static PlanOutcome plan(
            ModelDescriptor descriptor, Map<String, PointStatistics> scores, Policy policy, Cost cost) {
        Evidence evidence = Evidence.of(descriptor, scores, policy);
        if (!evidence.isComplete()) {
            return silent(descriptor, evidence, false, evidence.missing());
        }
        UnitCriterion criterion = Criteria.of(policy.criterion(), policy.ranking() == Policy.Ranking.GLOBAL);
        Unranked unranked = Unranked.of(descriptor, criterion);
        List<Group> groups = unranked.others(descriptor);
        if (groups.isEmpty()) {
            return silent(descriptor, evidence, true, unranked.whyNothingIsLeft(policy.criterion()));
        }
        Optional<String> unknown = evidence.unknown(groups, scores, criterion, policy.criterion());
        if (unknown.isPresent()) {
            return silent(descriptor, evidence, false, unknown.get());
        }
        return plan(
                descriptor,
                evidence,
                policy,
                cost,
                groups,
                criterion.score(groups, scores),
                unranked.note(),
                removed -> Optional.of(CutCertainty.of(groups, scores, criterion, removed, policy.evidence())));
    }

    private static PlanOutcome plan(
            ModelDescriptor descriptor,
            Evidence evidence,
            Policy policy,
            Cost cost,
            List<Group> groups,
            List<double[]> values,
            String note,
            Function<Map<String, List<Integer>>, Optional<CutCertainty>> judge) {
        if (cost.isReachedBy(Map.of())) {
            return silent(descriptor, evidence, true, "the model is within the target as it is");
        }
        Ranking ranking = Ranking.of(groups, values, policy.ranking());
        Map<String, Integer> kept = new CutSearch(ranking, new KeptUnits(policy.limits())).smallest(cost);
        if (!cost.isReachedBy(kept)) {
            return silent(
                    descriptor,
                    evidence,
                    true,
                    String.format(
                                    Locale.ROOT,
                                    "the target keeps %.3f of the %s, and the limits allow %.3f at the least: loosen them",
                                    policy.target().keep(),
                                    cost.name(),
                                    cost.share(kept))
                            + note);
        }
        double saved = 1 - cost.share(kept);
        Optional<CutCertainty> certainty = judge.apply(ranking.removed(kept));
        boolean isDecided = certainty.filter(cut -> !cut.isDecided()).isEmpty();
        if (saved < policy.thresholds().act()) {
            String tooLittle = String.format(
                    Locale.ROOT,
                    "a plan saves %.3f of the %s, and the policy acts from %.3f on",
                    saved,
                    cost.name(),
                    policy.thresholds().act());
            return new PlanOutcome(
                    evidence.readiness(descriptor, true, tooLittle), Optional.empty(), Map.of(), isDecided ? saved : 0);
        }
        if (!isDecided) {
            return PlanOutcome.silent(
                    evidence.readiness(descriptor, false, certainty.get().missing(), certainty));
        }
        Recommendation recommendation = RecommendationOf.cut(descriptor, evidence, policy, ranking, kept);
        return new PlanOutcome(
                evidence.readiness(
                        descriptor,
                        true,
                        "a plan removes " + recommendation.unitsRemoved() + " units" + note,
                        certainty),
                Optional.of(recommendation),
                policy.criterion().needsScores() ? CutLines.of(groups, values, recommendation.remove()) : Map.of(),
                saved);
    }

    private static PlanOutcome silent(ModelDescriptor descriptor, Evidence evidence, boolean ready, String reason) {
        return PlanOutcome.silent(evidence.readiness(descriptor, ready, reason));
    }
}
