package io.espalier.sidecar.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What became of the sampling directives for the served version. */
public final class DirectiveMetrics {
    /** Followed; not understood; or let go of, or never followed, because too old. */
    public enum Outcome {
        APPLIED,
        REFUSED,
        EXPIRED
    }

    private final Map<Outcome, Counter> directives = new EnumMap<>(Outcome.class);

    public DirectiveMetrics(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            directives.put(
                    outcome,
                    Counter.builder(MetricNames.DIRECTIVES)
                            .description("Sampling directives for the served version")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    public void count(Outcome outcome) {
        directives.get(outcome).increment();
    }
}
