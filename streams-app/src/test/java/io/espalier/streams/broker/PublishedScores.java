package io.espalier.streams.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.streams.testing.BruteForceOracle;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The last score of each shard, as a reader of the expressiveness topic sees it. */
final class PublishedScores {
    private PublishedScores() {}

    /** Waits until the samples of all shards are at least the oracle's, and a while longer, then compares. */
    static void assertEqual(TopicClient client, String topic, Map<ShardKey, BruteForceOracle> oracles, Duration limit) {
        client.read(topic, limit, read -> allThere(latest(read), oracles));
        // A sample too many would come later than a sample too few.
        List<ConsumerRecord<byte[], byte[]>> read = client.read(topic, Duration.ofSeconds(4), records -> false);
        Map<ShardKey, Expressiveness> scores = latest(read);
        assertThat(scores.keySet()).isEqualTo(oracles.keySet());
        oracles.forEach((key, oracle) -> {
            assertThat(scores.get(key).samples()).as("samples of %s", key).isEqualTo(oracle.samples());
            assertThat(scores.get(key).score()).as("scores of %s", key).containsExactly(oracle.scores());
        });
    }

    private static boolean allThere(Map<ShardKey, Expressiveness> scores, Map<ShardKey, BruteForceOracle> oracles) {
        return oracles.entrySet().stream()
                .allMatch(entry -> scores.containsKey(entry.getKey())
                        && scores.get(entry.getKey()).samples()
                                >= entry.getValue().samples());
    }

    private static Map<ShardKey, Expressiveness> latest(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<ShardKey, Expressiveness> latest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Expressiveness score = Codecs.EXPRESSIVENESS.decode(record.value());
            latest.put(score.key(), score);
        }
        return latest;
    }
}
