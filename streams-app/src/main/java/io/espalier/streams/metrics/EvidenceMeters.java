package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Readiness.Point;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Why there is a plan, or what is missing: the same answer that the HTTP API and the log give. */
public final class EvidenceMeters {
    public static final String SAMPLES = "espalier.evidence.samples";
    public static final String NEEDED = "espalier.evidence.needed";
    public static final String MISSING = "espalier.evidence.missing";
    public static final String EXPECTED = "espalier.evidence.expected.seconds";
    public static final String READY = "espalier.plan.ready";
    public static final String REASON = "reason";

    /** The reason of a capture point that lacks nothing: it has a series too, so that a query has a zero to show. */
    public static final String NO_REASON = "none";

    private final GaugeFamily samples;
    private final GaugeFamily needed;
    private final GaugeFamily missing;
    private final GaugeFamily expected;
    private final GaugeFamily ready;

    public EvidenceMeters(MeterRegistry registry) {
        samples = new GaugeFamily(registry, SAMPLES, "Samples the planner has", WindowMeters.CAPTURE_POINT);
        needed = new GaugeFamily(registry, NEEDED, "Samples the planner asks for", WindowMeters.CAPTURE_POINT);
        missing = new GaugeFamily(
                registry, MISSING, "Samples that are missing, and what for", WindowMeters.CAPTURE_POINT, REASON);
        expected = new GaugeFamily(
                registry,
                EXPECTED,
                "Time until no samples are missing; no series while it is not known",
                WindowMeters.CAPTURE_POINT);
        ready = new GaugeFamily(registry, READY, "1 when the planner has all it asks for, else 0");
    }

    public void report(Readiness readiness) {
        VersionKey version = new VersionKey(readiness.model(), readiness.version());
        ready.set(version, readiness.ready() ? 1 : 0);
        Set<List<String>> points = new HashSet<>();
        Set<List<String>> reasons = new HashSet<>();
        Set<List<String>> times = new HashSet<>();
        for (Point point : readiness.capturePoints()) {
            List<String> name = List.of(point.name());
            List<String> reason = List.of(point.name(), point.reason() == null ? NO_REASON : point.reason());
            samples.set(version, name, (double) point.samples());
            needed.set(version, name, (double) point.needed());
            missing.set(version, reason, (double) Math.max(0, point.needed() - point.samples()));
            points.add(name);
            reasons.add(reason);
            if (point.expectedInMs() != null) {
                expected.set(version, name, point.expectedInMs() / 1000.0);
                times.add(name);
            }
        }
        samples.keepOnly(version, points);
        needed.keepOnly(version, points);
        missing.keepOnly(version, reasons);
        expected.keepOnly(version, times);
    }

    void forget(VersionKey version) {
        samples.forget(version);
        needed.forget(version);
        missing.forget(version);
        expected.forget(version);
        ready.forget(version);
    }
}
