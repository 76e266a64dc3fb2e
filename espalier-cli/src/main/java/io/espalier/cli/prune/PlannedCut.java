package io.espalier.cli.prune;

import io.espalier.planner.PlanOutcome;
import io.espalier.protocol.record.Recommendation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What goes, or why nothing does.
 *
 * @param remove per group the unit indices; empty when no cut within the limits meets the target
 * @param reason in one line, for when nothing goes
 */
public record PlannedCut(Optional<Map<String, List<Integer>>> remove, String reason) {
    static PlannedCut of(PlanOutcome outcome) {
        return new PlannedCut(
                outcome.recommendation().map(Recommendation::remove),
                outcome.readiness().reason());
    }

    /** Throws IllegalArgumentException, in one line, when nothing goes. */
    public Map<String, List<Integer>> orThrow() {
        return remove.orElseThrow(() -> new IllegalArgumentException("nothing to prune: " + reason));
    }
}
