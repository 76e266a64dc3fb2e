package io.espalier.streams.query;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        KafkaStreams streams = new KafkaStreams(new Topology().addSource("in", "in"), properties);
        StoreQueries queries = new StoreQueries(streams);
        assertThatThrownBy(queries::versions).isInstanceOf(UnavailableException.class);
        streams.close();
        assertThatThrownBy(queries::versions).isInstanceOf(UnavailableException.class);
    }
}
