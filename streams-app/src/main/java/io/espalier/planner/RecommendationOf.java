package io.espalier.planner;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The record of a cut that was chosen. */
final class RecommendationOf {
    private RecommendationOf() {}

    /** {@code least}: units to keep, per group that was ranked; all others are left whole. */
    static Recommendation cut(
            ModelDescriptor descriptor, Evidence evidence, Policy policy, Ranking ranking, Map<String, Integer> least) {
        Map<String, List<Integer>> remove = ranking.removed(least);
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
                CostTerm.total(descriptor.macTerms(), kept),
                policy.ranking() == Policy.Ranking.SEARCH ? ranking.order() : Map.of(),
                null);
    }
}
