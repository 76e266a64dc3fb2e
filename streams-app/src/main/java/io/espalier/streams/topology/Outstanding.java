package io.espalier.streams.topology;

import io.espalier.planner.PlanOutcome;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Recommendation;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** What could be saved and is not. */
final class Outstanding {
    /** Versions that take requests: a candidate is a file that saves nothing yet. */
    private static final Set<State> SERVING = EnumSet.of(State.CANARY, State.ACTIVE);

    private Outstanding() {}

    /**
     * What the plan of a version would save, in [0, 1]; 0 once a smaller version that was made by it serves.
     *
     * @param smaller the versions that were made from it
     */
    static double saving(PlanOutcome outcome, Collection<ModelVersion> smaller) {
        boolean isDone = outcome.recommendation().map(Recommendation::id).stream()
                .anyMatch(plan -> smaller.stream()
                        .anyMatch(
                                version -> SERVING.contains(version.state()) && plan.equals(version.recommendation())));
        return isDone ? 0 : outcome.saving();
    }
}
