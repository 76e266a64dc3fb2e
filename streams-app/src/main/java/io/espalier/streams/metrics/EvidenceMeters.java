package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Readiness;
import io.micrometer.core.instrument.MeterRegistry;

/** Why there is a plan, or what is missing: the same answer that the HTTP API and the log give. */
public final class EvidenceMeters {
    public static final String SAMPLES = "espalier.evidence.samples";
    public static final String NEEDED = "espalier.evidence.needed";
    public static final String READY = "espalier.plan.ready";

    private final GaugeFamily samples;
    private final GaugeFamily needed;
    private final GaugeFamily ready;

    public EvidenceMeters(MeterRegistry registry) {
        samples = new GaugeFamily(registry, SAMPLES, "Samples the planner has", WindowMeters.CAPTURE_POINT);
        needed = new GaugeFamily(registry, NEEDED, "Samples the planner asks for", WindowMeters.CAPTURE_POINT);
        ready = new GaugeFamily(registry, READY, "1 when the planner has all it asks for, else 0", null);
    }

    public void report(Readiness readiness) {
        VersionKey version = new VersionKey(readiness.model(), readiness.version());
        ready.set(version, readiness.ready() ? 1 : 0);
        for (Readiness.Point point : readiness.capturePoints()) {
            samples.set(version, point.name(), (double) point.samples());
            needed.set(version, point.name(), (double) point.needed());
        }
    }

    void forget(VersionKey version) {
        samples.forget(version);
        needed.forget(version);
        ready.forget(version);
    }
}
