package io.espalier.planner;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Metric;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    public PlanOutcome plan(ModelDescriptor descriptor, Map<String, PointScore> scores, Policy policy) {
        if (policy.target().metric() == Metric.LATENCY) {
            return silent(descriptor, Evidence.of(descriptor, scores, policy), false, NO_TIMES);
        }
        return plan(descriptor, scores, policy, Cost.counted(descriptor, policy.target()));
    }

    /**
     * The same for a cost that somebody measured, as a target of {@code latency} needs it.
     *
     * @param measured the cost when that many units of each group are kept, of every group one entry; in any unit, above 0
     *     for the whole model, and always the same for the same counts
     */
    public PlanOutcome plan(
            ModelDescriptor descriptor,
            Map<String, PointScore> scores,
            Policy policy,
            ToDoubleFunction<Map<String, Integer>> measured) {
        return plan(descriptor, scores, policy, Cost.measured(descriptor, policy.target(), measured));
    }

    private static PlanOutcome plan(
            ModelDescriptor descriptor, Map<String, PointScore> scores, Policy policy, Cost cost) {
        Evidence evidence = Evidence.of(descriptor, scores, policy);
        if (!evidence.isComplete()) {
            return silent(descriptor, evidence, false, evidence.missing());
        }
        Unranked unranked = Unranked.of(descriptor, policy.criterion());
        List<Group> groups = unranked.others(descriptor);
        if (groups.isEmpty()) {
            return silent(descriptor, evidence, true, unranked.whyNothingIsLeft(policy.criterion()));
        }
        if (cost.isReachedBy(Map.of())) {
            return silent(descriptor, evidence, true, "the model is within the target as it is");
        }
        Ranking ranking = Ranking.of(groups, scores, policy);
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
                            + unranked.note());
        }
        Recommendation recommendation = recommendation(descriptor, evidence, policy, ranking.removed(kept));
        return new PlanOutcome(
                evidence.readiness(
                        descriptor,
                        true,
                        "a plan removes " + recommendation.unitsRemoved() + " units" + unranked.note()),
                Optional.of(recommendation));
    }

    private static PlanOutcome silent(ModelDescriptor descriptor, Evidence evidence, boolean ready, String reason) {
        return new PlanOutcome(evidence.readiness(descriptor, ready, reason), Optional.empty());
    }

    private static Recommendation recommendation(
            ModelDescriptor descriptor, Evidence evidence, Policy policy, Map<String, List<Integer>> remove) {
        Map<String, Integer> kept = new HashMap<>();
        int removed = 0;
        int units = 0;
        for (Group group : descriptor.groups()) {
            int gone = remove.getOrDefault(group.id(), List.of()).size();
            kept.put(group.id(), group.units() - gone);
            removed += gone;
            units += group.units();
        }
        return new Recommendation(
                RecommendationId.of(descriptor, policy, remove),
                descriptor.model(),
                descriptor.version(),
                policy,
                new TreeMap<>(evidence.samples()),
                remove,
                units,
                removed,
                descriptor.params(),
                CostTerm.total(descriptor.paramTerms(), kept),
                descriptor.macs(),
                CostTerm.total(descriptor.macTerms(), kept));
    }

    /** The groups that the criterion cannot rank, for want of a capture point: they are left whole, and that is said. */
    private record Unranked(List<String> ids, int all) {
        private static final int NAMED = 8;

        static Unranked of(ModelDescriptor descriptor, Criterion criterion) {
            return new Unranked(
                    descriptor.groups().stream()
                            .filter(group -> !Ranking.ranks(criterion, group))
                            .map(Group::id)
                            .toList(),
                    descriptor.groups().size());
        }

        List<Group> others(ModelDescriptor descriptor) {
            return descriptor.groups().stream()
                    .filter(group -> !ids.contains(group.id()))
                    .toList();
        }

        String whyNothingIsLeft(Criterion criterion) {
            return all == 0
                    ? "no group of units can be cut: see what is protected, and why"
                    : "none of the " + all + " groups has a capture point, which " + criterion
                            + " looks at: use l1 or l2";
        }

        String note() {
            if (ids.isEmpty()) {
                return "";
            }
            return "; " + ids.size() + " of " + all + " groups have no capture point and are left whole: "
                    + String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())))
                    + (ids.size() > NAMED ? ", ..." : "");
        }
    }

    /** Which capture points have been seen often enough. */
    private record Evidence(Map<String, Long> samples, long needed) {
        static Evidence of(ModelDescriptor descriptor, Map<String, PointScore> scores, Policy policy) {
            Map<String, Long> samples = new TreeMap<>();
            for (CapturePoint point : descriptor.capturePoints()) {
                PointScore score = scores.get(point.name());
                boolean usable = score != null && score.expressiveness().length == point.units();
                samples.put(point.name(), usable ? score.samples() : 0);
            }
            return new Evidence(
                    samples,
                    policy.criterion().needsScores() ? policy.evidence().minSamples() : 0);
        }

        boolean isComplete() {
            return lacking() == 0;
        }

        private long lacking() {
            return samples.values().stream().filter(seen -> seen < needed).count();
        }

        String missing() {
            long fewest =
                    samples.values().stream().mapToLong(Long::longValue).min().orElse(0);
            return lacking() + " of " + samples.size() + " capture points have fewer than the " + needed
                    + " samples the policy asks for; the fewest is " + fewest;
        }

        Readiness readiness(ModelDescriptor descriptor, boolean ready, String reason) {
            return new Readiness(
                    descriptor.model(),
                    descriptor.version(),
                    ready,
                    reason,
                    samples.entrySet().stream()
                            .map(point -> new Readiness.Point(point.getKey(), point.getValue(), needed, null))
                            .toList());
        }
    }
}
