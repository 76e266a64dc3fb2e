package io.espalier.streams.query;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.protocol.Topics;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.settings.DefaultPolicy;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.topology.PlanningSettings;
import io.espalier.streams.topology.PlanningTopology;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

final class StoreQueriesTest {
    @Test
    void streamsThatHaveEndedAreUnavailableAndNotAFailure() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        KafkaStreams streams = new KafkaStreams(planning(), properties);
        StoreQueries queries =
                new StoreQueries(new ActiveStores(streams), new ModelPartitions(() -> OptionalInt.of(1)));
        assertThatThrownBy(() -> queries.versions("m", "", 1)).isInstanceOf(UnavailableException.class);
        streams.close();
        assertThatThrownBy(() -> queries.versions("m", "", 1)).isInstanceOf(UnavailableException.class);
    }

    private static Topology planning() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        StreamsSettings settings = StreamsSettings.of(Map.of("espalier.kafka.bootstrap.servers", "127.0.0.1:1"));
        return new PlanningTopology(
                        new Topics("test."),
                        new PlanningSettings(
                                Duration.ofSeconds(1), Duration.ofHours(1), DefaultPolicy.of(settings), 60, 1 << 20),
                        Map.of(),
                        ModelMeters.of(registry),
                        new DeadLetterMeters(registry))
                .get();
    }
}
