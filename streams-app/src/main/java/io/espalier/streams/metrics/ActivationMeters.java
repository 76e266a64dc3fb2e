package io.espalier.streams.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What was counted in, and what it takes. After a crash a batch may be told of twice here, though it is counted once in the state. */
public final class ActivationMeters {
    public static final String BATCHES = "espalier.activation.batches";
    public static final String SAMPLES = "espalier.activation.samples";

    /** Of a pane that is full. */
    public static final String SURPLUS = "espalier.activation.samples.surplus";

    private final Counter batches;
    private final Counter samples;
    private final Counter surplus;
    private final ModelStateMeters state;

    public ActivationMeters(MeterRegistry registry) {
        batches = Counter.builder(BATCHES)
                .description("Activation batches counted")
                .register(registry);
        samples = Counter.builder(SAMPLES)
                .description("Samples in the activation batches counted, once per shard of a capture point")
                .register(registry);
        surplus = Counter.builder(SURPLUS)
                .description("Samples left out since their pane is full: sample less")
                .register(registry);
        state = new ModelStateMeters(registry);
    }

    /** What the counters of each version take. */
    public ModelStateMeters state() {
        return state;
    }

    public void surplus(int batchSamples) {
        surplus.increment(batchSamples);
    }

    public void counted(int batchSamples) {
        batches.increment();
        samples.increment(batchSamples);
    }
}
