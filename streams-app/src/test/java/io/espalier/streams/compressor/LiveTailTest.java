package io.espalier.streams.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.streams.testing.Models;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

class LiveTailTest {
    @Test
    void aJobGoesOnWithoutWhereThereIsNoBroker() {
        InputSampler sampler = new InputSampler(
                Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 200,
                        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 200),
                "inputs",
                1000);
        try (LiveTail live = sampler.live(Models.descriptor("1"), 8)) {
            assertThat(live.poll()).isEmpty();
            assertThat(live.poll()).isEmpty();
        }
    }
}
