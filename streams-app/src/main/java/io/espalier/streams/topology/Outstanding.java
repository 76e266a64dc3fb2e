package io.espalier.streams.topology;

import io.espalier.planner.PlanOutcome;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Metric;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** What could be saved and is not. */
final class Outstanding {
    /** Versions that take requests: a candidate is a file that saves nothing yet. */
    private static final Set<State> SERVING = EnumSet.of(State.CANARY, State.ACTIVE);

    private Outstanding() {}

    /**
     * What the plan of a version would save, in [0, 1], beyond what the smallest version that was made of it and serves saves
     * already.
     *
     * @param smaller the versions that were made from it
     */
    static double saving(
            PlanOutcome outcome, ModelDescriptor descriptor, Policy policy, Collection<ModelVersion> smaller) {
        boolean isMacs = policy.target().metric() == Metric.MACS;
        double whole = isMacs ? descriptor.macs() : descriptor.params();
        double saved = smaller.stream()
                .filter(version -> SERVING.contains(version.state()))
                .mapToDouble(version -> 1 - (isMacs ? version.macs() : version.params()) / whole)
                .max()
                .orElse(0);
        return Math.max(0, outcome.saving() - saved);
    }
}
