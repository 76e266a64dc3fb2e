package io.espalier.streams.query;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.planner.drift.DriftDetector;
import io.espalier.planner.drift.DriftSettings;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.streams.store.ConcurrentStores;
import io.espalier.streams.topology.PlanningStores;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

final class StoreQueriesTest {
    @Test
    void streamsThatHaveEndedAreUnavailableAndNotAFailure() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        KafkaStreams streams = new KafkaStreams(planning(), properties);
        StoreQueries queries = new StoreQueries(
                new ActiveStores(streams),
                new ModelPartitions(() -> OptionalInt.of(1)),
                new DriftDetector(new DriftSettings(Duration.ofDays(30), 0.02, 0.05), Duration.ofMinutes(1)),
                model -> Policy.of(Target.parse("macs=0.5"), Criterion.parse("l2")));
        assertThatThrownBy(() -> queries.versions("m", "", 1)).isInstanceOf(UnavailableException.class);
        streams.close();
        assertThatThrownBy(() -> queries.versions("m", "", 1)).isInstanceOf(UnavailableException.class);
    }

    /** The stores that are read, and nothing that fills them. */
    private static Topology planning() {
        StreamsBuilder builder = new StreamsBuilder();
        List<String> stores = List.of(PlanningStores.DESCRIPTORS, PlanningStores.VERSIONS, PlanningStores.PLANS);
        stores.forEach(name -> builder.addStateStore(
                Stores.keyValueStoreBuilder(new ConcurrentStores(name), Serdes.String(), Serdes.String())));
        builder.<String, String>stream("in").process(Idle::new, stores.toArray(String[]::new));
        return builder.build();
    }

    private static final class Idle extends ContextualProcessor<String, String, Void, Void> {
        @Override
        public void process(Record<String, String> input) {
            throw new AssertionError("there is no broker to read from");
        }
    }
}
