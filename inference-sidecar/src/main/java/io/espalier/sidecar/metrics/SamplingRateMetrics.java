package io.espalier.sidecar.metrics;

import io.espalier.protocol.record.ModelDescriptor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntToDoubleFunction;

/** At which rate each capture point is sampled now. */
public final class SamplingRateMetrics {
    /** @param rate of a capture point by its place in the descriptor, in [0, 1]; asked at each scrape */
    public SamplingRateMetrics(MeterRegistry registry, ModelDescriptor model, IntToDoubleFunction rate) {
        for (int i = 0; i < model.capturePoints().size(); i++) {
            int point = i;
            Gauge.builder(MetricNames.SAMPLING_RATE, () -> rate.applyAsDouble(point))
                    .description("Share of requests that is sampled at a capture point")
                    .tag("model", model.model())
                    .tag("capture_point", model.capturePoints().get(point).name())
                    .register(registry);
        }
    }
}
