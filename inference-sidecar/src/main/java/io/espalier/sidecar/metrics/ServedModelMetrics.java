package io.espalier.sidecar.metrics;

import io.espalier.protocol.VersionKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Which model is served. */
public final class ServedModelMetrics {
    public ServedModelMetrics(MeterRegistry registry, VersionKey key) {
        Gauge.builder(MetricNames.SERVED_MODEL, () -> 1)
                .description("The model that is served")
                .tag("model", key.model())
                .tag("version", key.version())
                .register(registry);
    }
}
