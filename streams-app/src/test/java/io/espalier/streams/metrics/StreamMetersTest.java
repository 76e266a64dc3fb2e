package io.espalier.streams.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

final class StreamMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void changelogsThatAreReadForRestoredTasksAndStandbysCountOnceEachAndInputsDoNot() {
        Map<MetricName, Metric> overlap = new HashMap<>();
        put(overlap, "a-StreamThread-1-restore-consumer", "app.panes-changelog", "0", 5.0);
        put(overlap, "a-StreamThread-1-restore-consumer", "app_panes-changelog", "0", 5.0);
        put(overlap, "a-StreamThread-1-restore-consumer", "app.panes-changelog", "1", Double.NaN);
        put(overlap, "a-StreamThread-2-restore-consumer", "app.panes-changelog", "2", 7.0);
        put(overlap, "a-StreamThread-1-consumer", "activations", "0", 1000.0);
        Map<MetricName, Metric> planning = new HashMap<>();
        put(planning, "b-StreamThread-1-restore-consumer", "app.plans-changelog", "0", 2.0);
        Supplier<Map<MetricName, ? extends Metric>> one = () -> overlap;
        Supplier<Map<MetricName, ? extends Metric>> other = () -> planning;
        StreamMeters.bindRestore(registry, List.of(one, other));
        assertThat(registry.get(StreamMeters.RESTORE_LAG).gauge().value()).isEqualTo(14, within(0.0));
    }

    @Test
    void onlyThreadsThatAreReplacedAreCounted() {
        ThreadMeters threads = new ThreadMeters(registry);
        RuntimeException death = new IllegalStateException("died");
        assertThat(threads.counting(exception -> StreamThreadExceptionResponse.REPLACE_THREAD)
                        .handle(death))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(threads.counting(exception -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT)
                        .handle(death))
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        assertThat(registry.get(ThreadMeters.REPLACED).counter().count()).isEqualTo(1, within(0.0));
    }

    private static void put(
            Map<MetricName, Metric> metrics, String client, String topic, String partition, double lag) {
        MetricName name = new MetricName(
                "records-lag",
                "consumer-fetch-manager-metrics",
                "",
                Map.of("client-id", client, "topic", topic, "partition", partition));
        Gauge<Double> value = (config, now) -> lag;
        metrics.put(name, new KafkaMetric(new Object(), name, value, new MetricConfig(), Time.SYSTEM));
    }
}
