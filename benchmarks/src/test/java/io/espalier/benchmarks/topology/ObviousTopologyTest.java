package io.espalier.benchmarks.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ObviousTopologyTest {
    private static final long PANE_MS = 60_000;

    @Test
    void scoresAPaneAsOurCountersDo(@TempDir Path stateDir) throws Exception {
        Workload workload = new Workload(2, 4, 3, 1, PANE_MS);
        Topics topics = new Topics("");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "obvious");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        ObviousTopology topology = new ObviousTopology(topics, Duration.ofMillis(PANE_MS), 2, Map.of(), true);
        try (TopologyTestDriver driver = new TopologyTestDriver(topology.get(), properties)) {
            TestInputTopic<byte[], byte[]> activations =
                    driver.createInputTopic(topics.activations(), new ByteArraySerializer(), new ByteArraySerializer());
            PaneStatistics expected = PaneStatistics.create(workload.units(), 64);
            for (byte[] value : workload.values("model", 1)) {
                activations.pipeInput(workload.key("model", 1), value, PANE_MS + 1);
                expected.add(Codecs.ACTIVATION_BATCH.decode(value));
            }
            List<byte[]> scores = driver.createOutputTopic(
                            topics.expressiveness(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readValuesToList();
            double[] last = new double[workload.units()];
            ByteBuffer.wrap(scores.get(scores.size() - 1)).asDoubleBuffer().get(last);
            assertThat(last)
                    .containsExactly(new WindowRecord(List.of(expected))
                            .of(workload.shard("model", 1), new Expressiveness.Window(PANE_MS, 2 * PANE_MS, 1))
                            .score());
        }
    }
}
