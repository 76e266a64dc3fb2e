package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** All series that carry a model's name: they come with the model, and go when it is retired. */
public record ModelMeters(
        WindowMeters windows, EvidenceMeters evidence, PlanMeters plans, DriftMeters drift, VersionMeters versions) {
    public static ModelMeters of(PrometheusMeterRegistry registry) {
        return new ModelMeters(
                new WindowMeters(registry),
                new EvidenceMeters(registry),
                new PlanMeters(registry),
                new DriftMeters(registry),
                new VersionMeters(registry));
    }

    public void forget(VersionKey version) {
        windows.forget(version);
        evidence.forget(version);
        plans.forget(version);
        drift.forget(version);
        versions.forget(version);
    }
}
