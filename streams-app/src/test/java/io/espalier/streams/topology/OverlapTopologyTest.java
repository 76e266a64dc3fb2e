package io.espalier.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.StateSize;
import io.espalier.streams.deadletter.DeadLetter;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.ModelStateMeters;
import io.espalier.streams.store.StateBudget;
import io.espalier.streams.testing.BruteForceOracle;
import io.espalier.streams.testing.RandomTraffic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OverlapTopologyTest {
    private static final Topics TOPICS = new Topics("t.");
    private static final Duration PANE = Duration.ofMinutes(1);
    private static final int PANES = 3;
    private static final Duration GRACE = Duration.ofMinutes(2);
    private static final Duration RETENTION = Duration.ofHours(1);
    private static final long BUDGET = 1 << 20;
    private static final Duration PUBLISH = Duration.ofSeconds(1);

    /** More than publishing rests after scores of so few units, whatever this machine takes for them. */
    private static final Duration RESTED = Duration.ofSeconds(10);

    private static final long NOON = 1_795_262_400_000L;
    private static final ShardKey SHARD = new ShardKey("model", "1", "relu", 0);
    private static final int UNITS = 5;
    private static final int POSITIONS = 4;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private StateBudget budget;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> activations;
    private TestOutputTopic<byte[], byte[]> expressiveness;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        start(settings(), BUDGET);
    }

    private void restart(WindowSettings settings, long bytes) {
        driver.close();
        start(settings, bytes);
    }

    private static WindowSettings settings() {
        return new WindowSettings(PANE, PANES, GRACE, RETENTION, PUBLISH, 64 * 1024);
    }

    private void start(WindowSettings settings, long bytes) {
        budget = new StateBudget(bytes);
        OverlapTopology topology = new OverlapTopology(
                TOPICS, settings, budget, Map.of(), new ActivationMeters(registry), new DeadLetterMeters(registry));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        driver = new TopologyTestDriver(topology.get(), properties, Instant.ofEpochMilli(NOON));
        activations =
                driver.createInputTopic(TOPICS.activations(), new ByteArraySerializer(), new ByteArraySerializer());
        expressiveness = driver.createOutputTopic(
                TOPICS.expressiveness(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        deadLetters = driver.createOutputTopic(
                TOPICS.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void scoresEqualABruteForceOracleToTheLastBit() {
        RandomTraffic traffic = new RandomTraffic(7, 5);
        for (int batch = 0; batch < 400; batch++) {
            send(traffic.next(), NOON + batch * 100L);
        }
        Map<ShardKey, Expressiveness> scores = published();
        assertThat(scores.keySet()).isEqualTo(traffic.oracles().keySet());
        traffic.oracles().forEach((key, oracle) -> {
            assertThat(scores.get(key).samples()).isEqualTo(oracle.samples());
            assertThat(scores.get(key).score()).containsExactly(oracle.scores());
        });
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void scoresAreOverAllPanesOfTheWindowTogether() {
        BruteForceOracle oracle = new BruteForceOracle(UNITS, POSITIONS);
        for (int pane = 0; pane < PANES; pane++) {
            ActivationBatch batch = batch(SHARD, UNITS, POSITIONS, 6, pane);
            oracle.add(batch);
            send(batch, NOON + pane * PANE.toMillis());
        }
        Expressiveness score = published().get(SHARD);
        assertThat(score.score()).containsExactly(oracle.scores());
        assertThat(score.window()).isEqualTo(new Expressiveness.Window(NOON, NOON + PANES * PANE.toMillis(), PANES));
        assertThat(score.standardError()).hasSize(UNITS);
    }

    @Test
    void theWindowSlidesWithTheShardsOwnEventTime() {
        ShardKey other = new ShardKey("model", "1", "other", 0);
        send(batch(SHARD, UNITS, POSITIONS, 6, 1), NOON);
        send(batch(other, UNITS, POSITIONS, 6, 1), NOON);
        BruteForceOracle oracle = new BruteForceOracle(UNITS, POSITIONS);
        for (int pane = 1; pane <= PANES; pane++) {
            ActivationBatch batch = batch(SHARD, UNITS, POSITIONS, 4, pane);
            oracle.add(batch);
            send(batch, NOON + pane * PANE.toMillis());
        }
        Map<ShardKey, Expressiveness> scores = published();
        assertThat(scores.get(SHARD).samples()).isEqualTo(4L * PANES);
        assertThat(scores.get(SHARD).score()).containsExactly(oracle.scores());
        assertThat(scores.get(other).samples())
                .as("a silent shard keeps its window")
                .isEqualTo(6);
    }

    @Test
    void aLateBatchWithinTheWindowIsCounted() {
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON + 2 * PANE.toMillis());
        send(batch(SHARD, UNITS, POSITIONS, 3, 2), NOON);
        assertThat(published().get(SHARD).samples()).isEqualTo(5);
    }

    /** Records are made of closed panes taken together once; a late batch and a pane that leaves must show all the same. */
    @Test
    void longWindowsHaveTheScoresOfAllTheirSamplesWhateverComesLate() {
        restart(new WindowSettings(PANE, 8, Duration.ofMinutes(8), RETENTION, PUBLISH, 64 * 1024), BUDGET);
        java.util.Random random = new java.util.Random(3);
        Map<Long, List<ActivationBatch>> kept = new java.util.TreeMap<>();
        long newest = 0;
        for (int step = 0; step < 120; step++) {
            long pane = Math.max(0, step / 8 - random.nextInt(6));
            newest = Math.max(newest, pane);
            ActivationBatch batch = batch(SHARD, UNITS, POSITIONS, 3, step);
            send(batch, NOON + (pane - 20) * PANE.toMillis());
            kept.computeIfAbsent(pane, start -> new ArrayList<>()).add(batch);
            if (step % 3 == 0) {
                long first = newest - 7;
                BruteForceOracle oracle = new BruteForceOracle(UNITS, POSITIONS);
                kept.forEach((start, batches) -> {
                    if (start >= first) {
                        batches.forEach(oracle::add);
                    }
                });
                Expressiveness score = published().get(SHARD);
                assertThat(score.samples()).isEqualTo(oracle.samples());
                assertThat(score.score()).containsExactly(oracle.scores());
                assertThat(score.interval().lower()).hasSize(UNITS);
            }
        }
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void aBatchThatIsLateBeyondGraceIsDeadLetteredThoughTheWindowHasItsPane() {
        ShardKey other = new ShardKey("model", "1", "other", 0);
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON + 2 * PANE.toMillis());
        send(batch(SHARD, UNITS, POSITIONS, 3, 2), NOON);
        send(batch(other, UNITS, POSITIONS, 3, 2), NOON);
        assertThat(published().get(SHARD).samples()).as("within grace").isEqualTo(5);
        restart(new WindowSettings(PANE, 10, GRACE, RETENTION, PUBLISH, 64 * 1024), BUDGET);
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON + 3 * PANE.toMillis());
        send(batch(SHARD, UNITS, POSITIONS, 3, 2), NOON);
        assertThat(published().get(SHARD).samples()).isEqualTo(2);
        assertThat(header(assertRefused("late"), DeadLetter.DETAIL_HEADER)).contains("the earliest pane that is open");
    }

    @Test
    void aShardWithoutTrafficIsForgottenAndATombstoneSaysSo() {
        ShardKey other = new ShardKey("model", "1", "other", 0);
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        send(batch(other, UNITS, POSITIONS, 2, 1), NOON + 3 * PANE.toMillis());
        long both = budget.taken();
        assertThat(published()).hasSize(2);
        driver.advanceWallClockTime(RETENTION.plus(PANE).plus(PANE));
        TestRecord<byte[], byte[]> tombstone = expressiveness.readRecord();
        assertThat(new String(tombstone.key(), UTF_8)).isEqualTo(SHARD.toString());
        assertThat(tombstone.value()).isNull();
        assertThat(expressiveness.isEmpty()).isTrue();
        assertThat(budget.taken()).isEqualTo(both / 2);
        send(batch(SHARD, UNITS, POSITIONS, 3, 1), NOON + RETENTION.toMillis());
        assertThat(published().get(SHARD).samples()).as("it begins anew").isEqualTo(3);
    }

    @Test
    void aShardForWhichThereIsNoBudgetIsRefusedNamingTheSettingAndTheOthersGoOn() {
        restart(settings(), StateSize.window(UNITS, POSITIONS, 0, PANES) * 3 / 2);
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        send(batch(new ShardKey("model", "1", "other", 0), UNITS, POSITIONS, 2, 1), NOON);
        send(batch(SHARD, UNITS, POSITIONS, 3, 1), NOON);
        assertThat(published()).containsOnlyKeys(SHARD);
        assertThat(header(assertRefused("over_budget"), DeadLetter.DETAIL_HEADER))
                .contains("espalier.state.max-bytes");
        StateBudget before = budget;
        restart(settings(), BUDGET);
        assertThat(before.taken()).as("given back with the task").isZero();
    }

    @Test
    void aPaneThatIsFullTakesNoMoreAndTheNextOneDoes() {
        ActivationBatch thousands = batch(SHARD, 1, 1, 13_107, 1);
        for (int batch = 0; batch < 6; batch++) {
            send(thousands, NOON);
        }
        assertThat(published().get(SHARD).samples()).isEqualTo(PaneStatistics.MAX_SAMPLES);
        assertThat(registry.get(ActivationMeters.SURPLUS).counter().count()).isEqualTo(13_107, within(0.0));
        send(thousands, NOON + PANE.toMillis());
        assertThat(published().get(SHARD).samples()).isEqualTo(PaneStatistics.MAX_SAMPLES + 13_107);
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void whatAVersionTakesIsToldBesideTheMostItMayTakeAndNeverMore() {
        ShardKey other = new ShardKey("model", "1", "other", 0);
        ShardKey second = new ShardKey("model", "2", "relu", 0);
        ActivationBatch thousands = batch(SHARD, UNITS, POSITIONS, 1_000, 1);
        for (int pane = 0; pane < PANES; pane++) {
            for (int batch = 0; batch < 65; batch++) {
                send(thousands, NOON + pane * PANE.toMillis());
            }
        }
        send(batch(other, UNITS, POSITIONS, 2, 1), NOON);
        send(batch(second, UNITS, POSITIONS, 2, 1), NOON);
        driver.advanceWallClockTime(PANE);
        long window = StateSize.window(UNITS, POSITIONS, 0, PANES);
        assertThat(state(ModelStateMeters.MOST, "1")).isEqualTo(2.0 * window);
        assertThat(state(ModelStateMeters.MOST, "2")).isEqualTo((double) window);
        assertThat(budget.taken()).as("all versions together").isEqualTo(3 * window);
        // One window whose panes are nearly full, and another with two samples.
        double written = state(ModelStateMeters.WRITTEN, "1");
        assertThat(2 * written).as("live, and as written").isLessThan((double) window);
        assertThat(written).isGreaterThan(PANES * 16.0 * POSITIONS * UNITS / 8);
        assertThat(state(ModelStateMeters.WRITTEN, "2")).isLessThan(written / 2);

        driver.advanceWallClockTime(RETENTION.plus(PANE).plus(PANE).plus(PANE).plus(PANE));
        driver.advanceWallClockTime(PANE);
        assertThat(registry.find(ModelStateMeters.MOST).gauges()).isEmpty();
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON + RETENTION.toMillis());
        driver.advanceWallClockTime(PANE);
        assertThat(state(ModelStateMeters.MOST, "1")).isEqualTo((double) window);
        restart(settings(), BUDGET);
        assertThat(registry.find(ModelStateMeters.MOST).gauges())
                .as("gone with the task")
                .isEmpty();
    }

    @Test
    void aBatchFromBeforeTheWindowIsDeadLetteredAsLate() {
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON + 3 * PANE.toMillis());
        send(batch(SHARD, UNITS, POSITIONS, 3, 2), NOON);
        assertThat(published().get(SHARD).samples()).isEqualTo(2);
        assertRefused("late");
    }

    @Test
    void aBatchFromAClockThatIsFarAheadDoesNotPushTheOthersOutOfTheWindow() {
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        send(batch(SHARD, UNITS, POSITIONS, 3, 2), NOON + Duration.ofDays(365).toMillis());
        send(batch(SHARD, UNITS, POSITIONS, 5, 3), NOON);
        assertThat(published().get(SHARD).samples()).isEqualTo(7);
        assertRefused("early");
    }

    @Test
    void poisonGoesToTheDeadLettersAsReceivedAndTheRestIsCounted() {
        byte[] poison = "no protobuf".getBytes(UTF_8);
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        activations.pipeInput(new TestRecord<>(SHARD.toString().getBytes(UTF_8), poison, null, NOON));
        activations.pipeInput(new TestRecord<>(SHARD.toString().getBytes(UTF_8), null, null, NOON));
        send(batch(SHARD, UNITS, POSITIONS, 3, 2), NOON);

        assertThat(published().get(SHARD).samples()).isEqualTo(5);
        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(letter.key()).isEqualTo(SHARD.toString().getBytes(UTF_8));
        assertThat(letter.value()).isEqualTo(poison);
        assertThat(header(letter, DeadLetter.REASON_HEADER)).isEqualTo("undecodable");
        assertThat(header(letter, DeadLetter.TOPIC_HEADER)).isEqualTo(TOPICS.activations());
        assertThat(header(letter, DeadLetter.PARTITION_HEADER)).isEqualTo("0");
        assertThat(header(letter, DeadLetter.OFFSET_HEADER)).isEqualTo("1");
        assertThat(deadLetters.readRecord().value()).isNull();
        assertThat(refusals("undecodable")).isEqualTo(2);
    }

    @Test
    void aBatchUnderAnotherShardsKeyIsRefused() {
        byte[] value = batch(SHARD, UNITS, POSITIONS, 2, 1).toByteArray();
        activations.pipeInput(new TestRecord<>("model@1/relu/8".getBytes(UTF_8), value, null, NOON));
        assertThat(published()).isEmpty();
        assertRefused("key_mismatch");
    }

    @Test
    void aBatchWithoutAKeyIsRefused() {
        byte[] value = batch(SHARD, UNITS, POSITIONS, 2, 1).toByteArray();
        activations.pipeInput(new TestRecord<>(null, value, null, NOON));
        assertRefused("key_mismatch");
    }

    @Test
    void aBatchOfAnotherShapeIsRefused() {
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        send(batch(SHARD, UNITS + 1, POSITIONS, 2, 1), NOON + PANE.toMillis());
        assertThat(published().get(SHARD).samples()).isEqualTo(2);
        assertRefused("shape_mismatch");
    }

    @Test
    void aShardWhoseStateCouldPassTheLargestMessageIsRefusedNamingTheSetting() {
        send(batch(SHARD, 1000, 64, 1, 1), NOON);
        TestRecord<byte[], byte[]> letter = assertRefused("other");
        assertThat(header(letter, DeadLetter.DETAIL_HEADER)).contains("espalier.topics.max-message-bytes");
    }

    @Test
    void belowTwoSamplesThereIsNoScore() {
        send(batch(SHARD, UNITS, POSITIONS, 1, 1), NOON);
        Expressiveness score = published().get(SHARD);
        assertThat(score.samples()).isEqualTo(1);
        assertThat(score.score()).isNull();
    }

    @Test
    void theRecordCarriesWhatElseIsKnownOfItsUnits() {
        List<float[]> samples = new ArrayList<>();
        for (int batch = 0; batch < 3; batch++) {
            send(batchWithProducts(samples, batch), NOON + batch * PANE.toMillis());
        }
        Expressiveness record = published().get(SHARD);
        for (int unit = 0; unit < UNITS; unit++) {
            double mean = 0;
            double zeros = 0;
            int rows = samples.size() * POSITIONS;
            for (float[] sample : samples) {
                for (int position = 0; position < POSITIONS; position++) {
                    mean += (double) sample[unit * POSITIONS + position] / rows;
                    zeros += sample[unit * POSITIONS + position] > 0 ? 0 : 1.0 / rows;
                }
            }
            double variance = 0;
            for (float[] sample : samples) {
                for (int position = 0; position < POSITIONS; position++) {
                    variance += Math.pow(sample[unit * POSITIONS + position] - mean, 2) / rows;
                }
            }
            assertThat(record.mean()[unit]).isCloseTo(mean, within(1e-9));
            assertThat(record.variance()[unit]).isCloseTo(variance, within(1e-9));
            assertThat(record.zeroShare()[unit]).isCloseTo(zeros, within(1e-9));
        }
        // The last unit is planted: half of the first.
        assertThat(record.residualVariance()[UNITS - 1] / record.variance()[UNITS - 1])
                .isLessThan(1e-3);
        assertThat(record.residualVariance()[1] / record.variance()[1]).isBetween(0.5, 1.0);
    }

    @Test
    void oneBatchWithoutProductsLeavesTheWindowWithoutResidualVarianceUntilItHasPassed() {
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        send(batchWithProducts(new ArrayList<>(), 1), NOON + PANE.toMillis());
        assertThat(published().get(SHARD).residualVariance()).isNull();
        send(batchWithProducts(new ArrayList<>(), 2), NOON + 3 * PANE.toMillis());
        assertThat(published().get(SHARD).residualVariance()).hasSize(UNITS);
    }

    @Test
    void productsThatNoActivationsHaveLeaveTheRestOfTheRecordAsItIs() {
        ActivationBatch odd = batchWithProducts(new ArrayList<>(), 1).toBuilder()
                .setProducts(1, 1e30)
                .build();
        send(odd, NOON);
        Expressiveness record = published().get(SHARD);
        assertThat(record.residualVariance()).isNull();
        assertThat(record.variance()).hasSize(UNITS);
    }

    @Test
    void onlyShardsThatChangedArePublished() {
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        assertThat(published()).containsOnlyKeys(SHARD);
        assertThat(published()).isEmpty();
    }

    @Test
    void withoutALeastIntervalAScoreGoesOutWithTheCommitOfItsState() {
        restart(new WindowSettings(PANE, PANES, GRACE, RETENTION, Duration.ZERO, 64 * 1024), BUDGET);
        // The driver commits after each record.
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        driver.advanceWallClockTime(RESTED);
        send(batch(SHARD, UNITS, POSITIONS, 3, 2), NOON);
        assertThat(expressiveness.readValuesToList())
                .extracting(value -> Codecs.EXPRESSIVENESS.decode(value).samples())
                .containsExactly(2L, 5L);
    }

    @Test
    void countsBatchesAndSamples() {
        send(batch(SHARD, UNITS, POSITIONS, 2, 1), NOON);
        send(batch(SHARD, UNITS, POSITIONS, 5, 1), NOON);
        assertThat(registry.get(ActivationMeters.BATCHES).counter().count()).isEqualTo(2, within(0.0));
        assertThat(registry.get(ActivationMeters.SAMPLES).counter().count()).isEqualTo(7, within(0.0));
    }

    private double state(String name, String version) {
        return registry.get(name).tag("version", version).gauge().value();
    }

    private TestRecord<byte[], byte[]> assertRefused(String reason) {
        List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
        assertThat(letters).hasSize(1);
        assertThat(header(letters.get(0), DeadLetter.REASON_HEADER)).isEqualTo(reason);
        assertThat(refusals(reason)).isEqualTo(1);
        return letters.get(0);
    }

    private double refusals(String reason) {
        return registry.get(DeadLetterMeters.DEAD_LETTERS)
                .tag("reason", reason)
                .counter()
                .count();
    }

    private void send(ActivationBatch batch, long eventMs) {
        byte[] key = RandomTraffic.key(batch).toString().getBytes(UTF_8);
        activations.pipeInput(new TestRecord<>(key, batch.toByteArray(), null, eventMs));
    }

    private Map<ShardKey, Expressiveness> published() {
        driver.advanceWallClockTime(RESTED);
        Map<ShardKey, Expressiveness> latest = new HashMap<>();
        for (TestRecord<byte[], byte[]> record : expressiveness.readRecordsToList()) {
            Expressiveness score = Codecs.EXPRESSIVENESS.decode(record.value());
            assertThat(new String(record.key(), UTF_8)).isEqualTo(score.key().toString());
            latest.put(score.key(), score);
        }
        return latest;
    }

    private static ActivationBatch batch(ShardKey key, int units, int positions, int samples, long seed) {
        BatchBuilder builder = new BatchBuilder(key, units, positions, "test");
        java.util.Random random = new java.util.Random(seed);
        for (int sample = 0; sample < samples; sample++) {
            float[] values = new float[units * positions];
            for (int bit = 0; bit < values.length; bit++) {
                values[bit] = random.nextFloat() - 0.6f;
            }
            builder.add(values, 0);
        }
        return builder.build();
    }

    /** Of twenty samples, which are added to the given ones. */
    private static ActivationBatch batchWithProducts(List<float[]> samples, long seed) {
        BatchBuilder builder = BatchBuilder.withProducts(SHARD, UNITS, POSITIONS, "test");
        java.util.Random random = new java.util.Random(seed);
        for (int sample = 0; sample < 20; sample++) {
            float[] values = new float[UNITS * POSITIONS];
            for (int i = 0; i < values.length; i++) {
                int first = i % POSITIONS;
                values[i] = i / POSITIONS == UNITS - 1 ? values[first] / 2 : random.nextFloat() - 0.6f;
            }
            builder.add(values, 0);
            samples.add(values);
        }
        return builder.build();
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
