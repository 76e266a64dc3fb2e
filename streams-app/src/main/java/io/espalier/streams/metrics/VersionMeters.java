package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.ModelVersion.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Versions and what they cost. */
public final class VersionMeters {
    public static final String MACS = "espalier.version.macs";
    public static final String PARAMS = "espalier.version.params";
    public static final String EQUIVALENCE_ERROR = "espalier.version.equivalence.error";
    public static final String DIVERGENCE = "espalier.version.divergence";
    public static final String VERSIONS = "espalier.versions";
    public static final String STATE = "state";
    /** {@code cut} or {@code recovered}. */
    public static final String STAGE = "stage";

    private final GaugeFamily macs;
    private final GaugeFamily params;
    private final GaugeFamily equivalenceError;
    private final GaugeFamily divergence;
    private final Map<State, Counter> published;

    public VersionMeters(MeterRegistry registry) {
        macs = new GaugeFamily(registry, MACS, "Multiply-accumulates for one input");
        params = new GaugeFamily(registry, PARAMS, "Trainable parameters");
        equivalenceError = new GaugeFamily(
                registry, EQUIVALENCE_ERROR, "Largest relative difference to the parent with the removed units zeroed");
        divergence = new GaugeFamily(
                registry,
                DIVERGENCE,
                "Squared error of the outputs to the parent's over their variance, on inputs that nothing was fitted to",
                STAGE);
        published = Map.of(
                State.CANDIDATE, counter(registry, State.CANDIDATE), State.REJECTED, counter(registry, State.REJECTED));
    }

    public void described(ModelDescriptor descriptor) {
        macs.set(descriptor.key(), (double) descriptor.macs());
        params.set(descriptor.key(), (double) descriptor.params());
    }

    public void judged(ModelVersion version) {
        if (version.artifact() != null) {
            macs.set(version.key(), (double) version.macs());
            params.set(version.key(), (double) version.params());
        }
        if (version.checks() != null) {
            equivalenceError.set(version.key(), version.checks().maxRelativeError());
        }
        version.recovery().stream()
                .map(RecoveryResult::divergenceBefore)
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(cut -> divergence.set(version.key(), "cut", cut));
        // The last step that was kept has the last word.
        version.recovery().stream()
                .filter(step -> step.kept() && step.divergenceAfter() != null)
                .forEach(step -> divergence.set(version.key(), "recovered", step.divergenceAfter()));
    }

    public void published(State state) {
        published.get(state).increment();
    }

    void forget(VersionKey version) {
        macs.forget(version);
        params.forget(version);
        equivalenceError.forget(version);
        divergence.forget(version);
    }

    private static Counter counter(MeterRegistry registry, State state) {
        return Counter.builder(VERSIONS)
                .description("Versions published by the compressor")
                .tag(STATE, state.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
