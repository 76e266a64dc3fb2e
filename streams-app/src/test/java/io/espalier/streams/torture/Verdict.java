package io.espalier.streams.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.broker.TopicClient;
import io.espalier.streams.testing.BruteForceOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what a reader of the topics sees is what the oracles have counted.
 *
 * <p>Exactly once: samples and scores are equal to the last bit, and no recommendation is there twice. At least once: samples
 * are never below the oracle's, and what was once counted too often never hides a later loss, since it must stay; a
 * recommendation may be there twice, but always under the id it had.
 */
final class Verdict implements AutoCloseable {
    /** A sample too many would come later than a sample too few. */
    private static final Duration SETTLED = Duration.ofMillis(1500);

    /** After the commit of what a score is of; however long the brokers were away before. */
    private static final Duration PUBLISHED = Duration.ofSeconds(30);

    /**
     * At least once, the last word on a shard may be that of an instance that was stalled and did not know it, until the next
     * batch of the shard is counted. After so long without one, more traffic is sent.
     */
    private static final Duration STALE = Duration.ofSeconds(6);

    /** No transaction takes so long, and no instance to come back: what is open still, the broker has forgotten. */
    private static final Duration HANGING = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Verdict.class);

    private final TortureCluster cluster;
    private final TopicClient client;
    private final Traffic traffic;
    private final boolean isExactlyOnce;
    private final TopicTail scoreTail;
    private final TopicTail planTail;
    private final TopicTail letterTail;
    private final Map<String, Expressiveness> scores = new HashMap<>();
    private final Map<String, List<String>> plans = new HashMap<>();
    private final Map<ShardKey, Long> tooMany = new HashMap<>();
    private long letters;
    private long hanging;
    private long compared;

    Verdict(TortureCluster cluster, TopicClient client, Traffic traffic, boolean isExactlyOnce) {
        this.cluster = cluster;
        this.client = client;
        this.traffic = traffic;
        this.isExactlyOnce = isExactlyOnce;
        Topics topics = cluster.installation.topics;
        String brokers = cluster.broker.bootstrapServers();
        scoreTail = new TopicTail(brokers, topics.expressiveness());
        planTail = new TopicTail(brokers, topics.recommendations());
        letterTail = new TopicTail(brokers, topics.deadLetters());
    }

    /** Shards that were compared so far. */
    long compared() {
        return compared;
    }

    /** Samples that are counted more often than once; 0 under exactly-once. */
    long tooMany() {
        return tooMany.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Recommendations that are there more than once; 0 under exactly-once. */
    long plansTwice() {
        return plans.values().stream().mapToLong(ids -> ids.size() - 1L).sum();
    }

    /** Transactions that had to be ended by hand. */
    long hanging() {
        return hanging;
    }

    /** An output topic was deleted: nothing that was on it counts any more. */
    void outputDeleted() {
        List.of(scoreTail, planTail, letterTail).forEach(TopicTail::forget);
        scores.clear();
        plans.clear();
        letters = 0;
    }

    /** Waits until all that was sent is counted, then compares; the traffic is paused. {@code version}: was planted. */
    void compare(String version) throws Exception {
        awaitCommitted();
        long start = System.nanoTime();
        while (!isExactlyOnce && !missing(traffic.oracles()).isEmpty() && System.nanoTime() - start < STALE.toNanos()) {
            read();
        }
        if (!isExactlyOnce && !missing(traffic.oracles()).isEmpty()) {
            LOG.warn("sending more, since {}", missing(traffic.oracles()));
            traffic.sendMore();
            awaitCommitted();
        }
        Map<ShardKey, BruteForceOracle> oracles = traffic.oracles();
        awaitCounted(oracles);
        await("a recommendation for version " + version)
                .atMost(TortureCluster.LIMIT)
                .until(() -> {
                    read();
                    return plans.containsKey(version);
                });
        long end = System.nanoTime() + SETTLED.toNanos();
        while (System.nanoTime() < end) {
            read();
        }
        assertThat(scores.keySet())
                .as("shards")
                .isEqualTo(Set.copyOf(
                        oracles.keySet().stream().map(ShardKey::toString).toList()));
        oracles.forEach(this::compare);
        assertThat(plans).allSatisfy((planned, ids) -> {
            assertThat(Set.copyOf(ids))
                    .as("recommendations for version %s", planned)
                    .hasSize(1);
            assertThat(ids).hasSizeLessThanOrEqualTo(isExactlyOnce ? 1 : Integer.MAX_VALUE);
        });
        assertThat(letters).as("dead letters").isZero();
    }

    private void compare(ShardKey shard, BruteForceOracle oracle) {
        Expressiveness score = scores.get(shard.toString());
        long known = tooMany.getOrDefault(shard, 0L);
        long extra = score.samples() - oracle.samples();
        if (isExactlyOnce) {
            assertThat(extra).as("samples of %s beyond those sent", shard).isZero();
        } else {
            assertThat(extra)
                    .as("samples of %s beyond those sent, of which %d were there before", shard, known)
                    .isGreaterThanOrEqualTo(known);
        }
        if (extra == 0) {
            assertThat(score.score()).as("scores of %s", shard).containsExactly(oracle.scores());
        }
        tooMany.put(shard, extra);
        compared++;
    }

    private void awaitCommitted() throws Exception {
        try {
            awaitCommitted(HANGING);
        } catch (ConditionTimeoutException e) {
            int ended = cluster.endHangingTransactions(HANGING);
            hanging += ended;
            LOG.warn("{} transactions that the broker had left open are ended, since {}", ended, e.getMessage());
            awaitCommitted(TortureCluster.LIMIT);
        }
    }

    private void awaitCommitted(Duration limit) {
        String group = cluster.installation.applicationId + "-overlap";
        String activations = cluster.installation.topics.activations();
        await("all that was sent is committed").atMost(limit).untilAsserted(() -> {
            cluster.revive();
            assertThat(client.committed(group, activations))
                    .as("batches committed")
                    .isEqualTo(traffic.sent());
            assertThat(cluster.areReady()).as("both are ready").isTrue();
        });
    }

    private void awaitCounted(Map<ShardKey, BruteForceOracle> oracles) {
        await("all that was committed is published").atMost(PUBLISHED).untilAsserted(() -> {
            read();
            assertThat(missing(oracles)).as("shards with samples missing").isEmpty();
        });
    }

    private List<String> missing(Map<ShardKey, BruteForceOracle> oracles) {
        List<String> missing = new ArrayList<>();
        oracles.forEach((shard, oracle) -> {
            Expressiveness score = scores.get(shard.toString());
            long samples = score == null ? 0 : score.samples();
            long least = oracle.samples() + tooMany.getOrDefault(shard, 0L);
            if (samples < least) {
                missing.add(shard + " has " + samples + " of " + least + " samples");
            }
        });
        return missing;
    }

    private void read() {
        scoreTail.poll(record -> {
            Expressiveness score = Codecs.EXPRESSIVENESS.decode(record.value());
            scores.put(score.key().toString(), score);
        });
        planTail.poll(record -> {
            Recommendation plan = Codecs.RECOMMENDATION.decode(record.value());
            plans.computeIfAbsent(plan.version(), version -> new ArrayList<>()).add(plan.id());
        });
        letterTail.poll(record -> letters++);
    }

    @Override
    public void close() {
        List.of(scoreTail, planTail, letterTail).forEach(TopicTail::close);
    }
}
