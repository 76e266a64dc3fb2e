package io.espalier.sidecar.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** What became of the samples: every one taken is in the end published or dropped. */
public final class SampleMetrics {
    private final MeterRegistry registry;
    private final Counter sampledRequests;
    private final Counter published;
    private final Counter publishedBytes;
    private final Map<DropReason, Counter> dropped = new EnumMap<>(DropReason.class);

    public SampleMetrics(MeterRegistry registry) {
        this.registry = registry;
        sampledRequests = Counter.builder(MetricNames.SAMPLED_REQUESTS)
                .description("Requests whose activations were taken")
                .register(registry);
        published = Counter.builder(MetricNames.SAMPLES_PUBLISHED)
                .description("Samples that the broker has in full")
                .register(registry);
        publishedBytes = Counter.builder(MetricNames.PUBLISHED)
                .baseUnit("bytes")
                .description("Bytes of activation batches that the broker has")
                .register(registry);
        for (DropReason reason : DropReason.values()) {
            dropped.put(
                    reason,
                    Counter.builder(MetricNames.SAMPLES_DROPPED)
                            .description("Samples that are lost")
                            .tag("reason", reason.label())
                            .register(registry));
        }
    }

    /** Shows how many samples wait. */
    public void watch(IntSupplier queueSize) {
        Gauge.builder(MetricNames.SAMPLE_QUEUE_SIZE, queueSize::getAsInt)
                .description("Samples that wait to be published")
                .register(registry);
    }

    public void requestSampled() {
        sampledRequests.increment();
    }

    public void published(int samples) {
        published.increment(samples);
    }

    public void sent(int bytes) {
        publishedBytes.increment(bytes);
    }

    public void dropped(DropReason reason, int samples) {
        dropped.get(reason).increment(samples);
    }
}
