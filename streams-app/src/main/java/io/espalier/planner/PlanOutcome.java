package io.espalier.planner;

import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.Optional;

/**
 * What the planner has to say: always why, and a recommendation when it has one.
 *
 * @param readiness what is known and what is missing
 * @param recommendation empty while evidence is missing, or when no plan within the policy's limits reaches its target
 */
public record PlanOutcome(Readiness readiness, Optional<Recommendation> recommendation) {}
