package io.espalier.streams.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Whether the streams run, and how far behind counting is. */
public final class StreamMeters {
    public static final String LAG = "espalier.stream.lag.records";
    public static final String RUNNING = "espalier.stream.running";

    private static final String CONSUMER_GROUP = "consumer-fetch-manager-metrics";
    private static final String PARTITION_LAG = "records-lag";

    private StreamMeters() {}

    /**
     * Binds to streams that may not have started yet.
     *
     * @param metrics Kafka's own metrics of the streams that read {@code topic}
     */
    public static void bind(
            MeterRegistry registry,
            BooleanSupplier running,
            Supplier<Map<MetricName, ? extends Metric>> metrics,
            String topic) {
        Gauge.builder(RUNNING, () -> running.getAsBoolean() ? 1 : 0)
                .description("1 while all streams run, else 0")
                .register(registry);
        Gauge.builder(LAG, () -> lag(metrics.get(), topic))
                .description("Activation batches not read yet, over all partitions")
                .register(registry);
    }

    private static double lag(Map<MetricName, ? extends Metric> metrics, String topic) {
        Map<String, Double> lagOfPartition = new HashMap<>();
        metrics.forEach((name, metric) -> {
            if (isLag(name, topic) && metric.metricValue() instanceof Double lag && !lag.isNaN()) {
                lagOfPartition.merge(name.tags().get("partition"), lag, Math::max);
            }
        });
        return lagOfPartition.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Clients report a topic with dots under its name, and again, or only, with underscores. */
    private static boolean isLag(MetricName name, String topic) {
        String of = name.tags().get("topic");
        return name.name().equals(PARTITION_LAG)
                && name.group().equals(CONSUMER_GROUP)
                && (topic.equals(of) || topic.replace('.', '_').equals(of));
    }
}
