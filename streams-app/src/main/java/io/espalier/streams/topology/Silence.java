package io.espalier.streams.topology;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Readiness;
import java.time.Instant;
import java.util.List;

/** Why nothing is recommended, where the reason is not one of the planner's own. */
final class Silence {
    private Silence() {}

    static Readiness unregistered(VersionKey version) {
        return notReady(
                version,
                "scores arrive, but the models topic has no descriptor of " + version + ": let its server register it");
    }

    static Readiness unplannable(ModelDescriptor descriptor, RuntimeException cause) {
        return notReady(descriptor.key(), "no plan can be made of this descriptor: " + cause.getMessage());
    }

    static Readiness heldBack(Readiness planned, long untilMs) {
        return new Readiness(
                planned.model(),
                planned.version(),
                planned.ready(),
                planned.reason() + "; the recommendation before it stands until " + Instant.ofEpochMilli(untilMs),
                planned.capturePoints());
    }

    /** {@code sinceMs}: event time up to which the traffic was another. */
    static Readiness drifted(ModelDescriptor descriptor, long sinceMs) {
        return notReady(
                descriptor.key(),
                "the traffic has drifted and the recommendation was withdrawn: another is made once no window holds"
                        + " anything from before " + Instant.ofEpochMilli(sinceMs));
    }

    private static Readiness notReady(VersionKey version, String reason) {
        return new Readiness(version.model(), version.version(), false, reason, List.of());
    }
}
