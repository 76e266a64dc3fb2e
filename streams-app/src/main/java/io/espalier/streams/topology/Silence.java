package io.espalier.streams.topology;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Readiness.Point;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Why nothing is recommended, where the reason is not one of the planner's own. */
final class Silence {
    private Silence() {}

    static Readiness unregistered(VersionKey version) {
        return notReady(
                version,
                "scores arrive, but the models topic has no descriptor of " + version + ": let its server register it");
    }

    static Readiness heldBack(Readiness planned, long untilMs) {
        return new Readiness(
                planned.model(),
                planned.version(),
                planned.ready(),
                planned.reason() + "; the recommendation before it stands until " + Instant.ofEpochMilli(untilMs),
                planned.capturePoints());
    }

    /**
     * Capture points wait for their windows to move on, with the traffic there is.
     *
     * @param windows by capture point, of those that have one
     * @param needed samples that the policy asks for
     * @param sinceMs event time up to which the traffic was another
     */
    static Readiness drifted(
            ModelDescriptor descriptor, Map<String, Expressiveness> windows, long needed, long sinceMs) {
        return new Readiness(
                descriptor.model(),
                descriptor.version(),
                false,
                "the traffic has drifted and the recommendation was withdrawn: another is made once no window holds"
                        + " anything from before " + Instant.ofEpochMilli(sinceMs),
                descriptor.capturePoints().stream()
                        .map(CapturePoint::name)
                        .sorted()
                        .map(point -> drifted(point, windows.get(point), needed, sinceMs))
                        .toList());
    }

    private static Point drifted(String point, Expressiveness window, long needed, long sinceMs) {
        if (window == null) {
            return new Point(point, 0, needed, null, "there is no window yet");
        }
        long old = sinceMs - window.window().startMs();
        return old <= 0
                ? new Point(point, window.samples(), needed, null, null)
                : new Point(
                        point, 0, needed, old, "its window holds traffic from before " + Instant.ofEpochMilli(sinceMs));
    }

    private static Readiness notReady(VersionKey version, String reason) {
        return new Readiness(version.model(), version.version(), false, reason, List.of());
    }
}
