package io.espalier.sidecar.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What became of the inputs that were taken for publishing. */
public final class InputMetrics {
    private final Counter published;
    private final Counter dropped;

    public InputMetrics(MeterRegistry registry) {
        published = Counter.builder(MetricNames.INPUTS_PUBLISHED)
                .description("Inputs that the broker has")
                .register(registry);
        dropped = Counter.builder(MetricNames.INPUTS_DROPPED)
                .description("Inputs taken for publishing, and lost")
                .register(registry);
    }

    public void published() {
        published.increment();
    }

    public void dropped(int inputs) {
        dropped.increment(inputs);
    }
}
