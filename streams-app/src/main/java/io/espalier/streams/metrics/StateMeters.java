package io.espalier.streams.metrics;

import io.espalier.streams.store.StateBudget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the windows of this instance can come to, and what they may. */
public final class StateMeters {
    public static final String STATE_BYTES = "espalier.state.bytes";
    public static final String STATE_BUDGET = "espalier.state.budget.bytes";

    private StateMeters() {}

    /** {@code budget}: held by whoever counts. */
    public static void bind(MeterRegistry registry, StateBudget budget) {
        Gauge.builder(STATE_BYTES, budget, StateBudget::taken)
                .description("Bytes that the windows of the shards counted here take at most")
                .strongReference(true)
                .register(registry);
        Gauge.builder(STATE_BUDGET, budget, StateBudget::limit)
                .description("Bytes that they may take: espalier.state.max-bytes")
                .strongReference(true)
                .register(registry);
    }
}
