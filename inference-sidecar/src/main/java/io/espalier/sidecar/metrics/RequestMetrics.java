package io.espalier.sidecar.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How many inference requests came to which end, and how long they took. */
public final class RequestMetrics {
    /** How a request ended: answered, the caller's mistake, or ours. */
    public enum Outcome {
        OK,
        REJECTED,
        FAILED
    }

    private static final Duration[] BUCKETS = Arrays.stream(
                    new long[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000})
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
    private final Timer seconds;

    public RequestMetrics(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            requests.put(
                    outcome,
                    Counter.builder(MetricNames.REQUESTS)
                            .description("Inference requests answered")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        seconds = Timer.builder(MetricNames.REQUEST)
                .description("Time from a request's body to its answer")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    public void answered(Outcome outcome, Duration taken) {
        requests.get(outcome).increment();
        seconds.record(taken);
    }
}
