package io.espalier.planner;

import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.Map;
import java.util.Optional;

/**
 * What the planner has to say: always why, and a recommendation when it has one.
 *
 * @param readiness what is known and what is missing
 * @param recommendation empty while evidence is missing, or when no plan within the policy's limits reaches its target
 * @param cutLines with a recommendation by a criterion that looks at activations, per group that loses units the value at
 *     which it is cut; else empty
 * @param saving what a plan that could be carried out now saves of the cost in the policy's metric, in [0, 1]; also when the
 *     policy acts on larger savings only, so that there is no recommendation; 0 with no plan
 */
public record PlanOutcome(
        Readiness readiness, Optional<Recommendation> recommendation, Map<String, Double> cutLines, double saving) {
    /** No recommendation, and why. */
    public static PlanOutcome silent(Readiness readiness) {
        return new PlanOutcome(readiness, Optional.empty(), Map.of(), 0);
    }
}
