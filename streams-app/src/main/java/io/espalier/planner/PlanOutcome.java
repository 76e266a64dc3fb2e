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
 */
public record PlanOutcome(Readiness readiness, Optional<Recommendation> recommendation, Map<String, Double> cutLines) {
    /** No recommendation, and why. */
    public static PlanOutcome silent(Readiness readiness) {
        return new PlanOutcome(readiness, Optional.empty(), Map.of());
    }
}
