package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Recommendation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Units of each coupling group, how many of them the last recommendation removes, and what a plan would save now. */
public final class PlanMeters {
    public static final String UNITS = "espalier.units";
    public static final String UNITS_RECOMMENDED = "espalier.units.recommended";
    public static final String SAVING = "espalier.plan.saving";
    public static final String ALERT_THRESHOLD = "espalier.plan.alert.threshold";
    public static final String RECOMMENDATIONS = "espalier.recommendations";
    public static final String GROUP = "group";

    private final GaugeFamily units;
    private final GaugeFamily recommended;
    private final GaugeFamily saving;
    private final GaugeFamily alertThreshold;
    private final Counter recommendations;

    public PlanMeters(MeterRegistry registry) {
        units = new GaugeFamily(registry, UNITS, "Units of a coupling group", GROUP);
        recommended = new GaugeFamily(
                registry, UNITS_RECOMMENDED, "Units of a coupling group that the last recommendation removes", GROUP);
        saving = new GaugeFamily(
                registry,
                SAVING,
                "Share of the cost in the policy's metric that a plan would save and no version serves without; 0 with no plan");
        alertThreshold = new GaugeFamily(
                registry, ALERT_THRESHOLD, "Saving from which the policy wants an outstanding plan to be alerted on");
        recommendations = Counter.builder(RECOMMENDATIONS)
                .description("Recommendations published")
                .register(registry);
    }

    public void planned(ModelDescriptor descriptor, Optional<Recommendation> last) {
        VersionKey version = descriptor.key();
        Map<String, List<Integer>> remove = last.map(Recommendation::remove).orElse(Map.of());
        for (Group group : descriptor.groups()) {
            units.set(version, group.id(), group.units());
            recommended.set(
                    version,
                    group.id(),
                    remove.getOrDefault(group.id(), List.of()).size());
        }
    }

    /** {@code outstanding}: what a plan would save, in [0, 1]. */
    public void saves(VersionKey version, double outstanding, double alertFrom) {
        saving.set(version, outstanding);
        alertThreshold.set(version, alertFrom);
    }

    public void published() {
        recommendations.increment();
    }

    void forget(VersionKey version) {
        units.forget(version);
        recommended.forget(version);
        saving.forget(version);
        alertThreshold.forget(version);
    }
}
