package io.espalier.streams.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Whether the streams run, how far behind counting is, and how far restored and standby state is. */
public final class StreamMeters {
    public static final String LAG = "espalier.stream.lag.records";
    public static final String RESTORE_LAG = "espalier.stream.restore.lag.records";
    public static final String RUNNING = "espalier.stream.running";

    private static final String CONSUMER_GROUP = "consumer-fetch-manager-metrics";
    private static final String RESTORE_CONSUMER = "-restore-consumer";
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

    /** Binds to streams that may not have started yet; {@code metrics}: Kafka's own, of each topology. */
    public static void bindRestore(MeterRegistry registry, List<Supplier<Map<MetricName, ? extends Metric>>> metrics) {
        Gauge.builder(
                        RESTORE_LAG,
                        () -> metrics.stream()
                                .mapToDouble(each -> restoreLag(each.get()))
                                .sum())
                .description("Changelog records that tasks being restored and standbys here have not read yet")
                .register(registry);
    }

    /** One consumer of each stream thread reads changelogs, for tasks that are restored and for standbys alike. */
    private static double restoreLag(Map<MetricName, ? extends Metric> metrics) {
        Map<String, Double> lagOfPartition = new HashMap<>();
        metrics.forEach((name, metric) -> {
            String client = name.tags().getOrDefault("client-id", "");
            if (isPartitionLag(name)
                    && client.endsWith(RESTORE_CONSUMER)
                    && metric.metricValue() instanceof Double lag
                    && !lag.isNaN()) {
                // A topic with dots may be there twice, the second time with underscores.
                String topic = name.tags().get("topic").replace('.', '_');
                lagOfPartition.merge(client + "/" + topic + "/" + name.tags().get("partition"), lag, Math::max);
            }
        });
        return lagOfPartition.values().stream().mapToDouble(Double::doubleValue).sum();
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
        return isPartitionLag(name)
                && (topic.equals(of) || topic.replace('.', '_').equals(of));
    }

    private static boolean isPartitionLag(MetricName name) {
        return name.name().equals(PARTITION_LAG) && name.group().equals(CONSUMER_GROUP);
    }
}
