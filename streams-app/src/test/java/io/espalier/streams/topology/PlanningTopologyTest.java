package io.espalier.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.planner.drift.DriftSettings;
import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codec;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Evidence;
import io.espalier.protocol.record.Policy.Metric;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.streams.deadletter.DeadLetter;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.testing.Models;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
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

final class PlanningTopologyTest {
    private static final Topics TOPICS = new Topics("t.");
    private static final Duration PANE = Duration.ofMinutes(1);
    private static final DriftSettings DRIFT = new DriftSettings(Duration.ofDays(30), 0.02, 0.05);
    private static final ControlSettings CONTROL = new ControlSettings(false, Duration.ofSeconds(10), 0.01, 1e6);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration COOL_DOWN = Duration.ofHours(1);
    private static final String VERSION = Models.MODEL + "@1";
    private static final Policy DEFAULT = policy(0.5, 100);
    private static final float[] ONES = {1, 1, 1, 1, 1, 1, 1, 1};
    private static final double[] ASCENDING = {0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35};
    private static final double[] DESCENDING = {0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05, 0.0};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private TopologyTestDriver driver;
    private TestOutputTopic<byte[], byte[]> recommendations;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        start(StreamsConfig.AT_LEAST_ONCE);
    }

    private void start(String guarantee) {
        PlanningTopology topology = new PlanningTopology(
                TOPICS,
                new PlanningSettings(TICK, COOL_DOWN, model -> DEFAULT, DRIFT, CONTROL, PANE, 60, 1 << 20, 64 * 1024),
                Map.of(),
                ModelMeters.of(registry),
                new DeadLetterMeters(registry));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        driver = new TopologyTestDriver(topology.get(), properties);
        recommendations = driver.createOutputTopic(
                TOPICS.recommendations(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        deadLetters = driver.createOutputTopic(
                TOPICS.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void recommendsTheLowestUnitsByTheDefaultPolicyOnceThereIsEvidence() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        List<Recommendation> published = published();
        assertThat(published).hasSize(1);
        Recommendation plan = published.get(0);
        assertThat(plan.remove()).isEqualTo(Map.of(Models.GROUP, List.of(0, 1, 2, 3)));
        assertThat(plan.policy()).isEqualTo(DEFAULT);
        assertThat(plan.evidence()).isEqualTo(Map.of(Models.POINT, 100L));
        assertThat(plan.macsAfter()).isEqualTo(plan.macsBefore() / 2);
        assertThat(readiness().ready()).isTrue();
    }

    @Test
    void atLeastOnceARecommendationThatNoCommitFollowedIsPublishedOnceMoreByTheNextStart() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        Recommendation plan = published().get(0);
        PlanState uncommitted = state();
        driver.advanceWallClockTime(TICK);
        PlanState committed = state();

        restartedWith(StreamsConfig.AT_LEAST_ONCE, uncommitted);
        assertThat(published()).containsExactly(plan);
        assertThat(published()).isEmpty();
        assertThat(state()).isEqualTo(committed);
        restartedWith(StreamsConfig.AT_LEAST_ONCE, committed);
        assertThat(published()).isEmpty();
    }

    @Test
    void exactlyOnceARecommendationIsOnItsTopicWhenItIsInTheState() {
        driver.close();
        start(StreamsConfig.EXACTLY_ONCE_V2);
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
        restartedWith(StreamsConfig.EXACTLY_ONCE_V2, state());
        assertThat(published()).isEmpty();
    }

    /** A start from what the changelog had when the process was killed. */
    private void restartedWith(String guarantee, PlanState plan) {
        driver.close();
        start(guarantee);
        driver.<String, PlanState>getKeyValueStore(PlanningStores.PLANS).put(VERSION, plan);
    }

    private PlanState state() {
        return (PlanState) driver.getKeyValueStore(PlanningStores.PLANS).get(VERSION);
    }

    @Test
    void staysSilentBelowTheEvidenceAndSaysWhatIsMissingAndWhenItIsExpected() {
        register("1");
        score(Models.scores("1", 0, 10, ASCENDING));
        assertThat(published()).isEmpty();
        driver.advanceWallClockTime(Duration.ofSeconds(9));
        score(Models.scores("1", 0, 60, ASCENDING));
        assertThat(published()).isEmpty();

        Readiness readiness = readiness();
        assertThat(readiness.ready()).isFalse();
        assertThat(readiness.reason()).contains("1 of 1 capture points", "100");
        Readiness.Point point = readiness.capturePoints().get(0);
        assertThat(point.samples()).isEqualTo(60);
        assertThat(point.needed()).isEqualTo(100);
        // 50 samples in 10 s leave 40 for 8 s.
        assertThat(point.expectedInMs()).isEqualTo(8000);
        assertThat(registry.scrape())
                .contains("espalier_evidence_samples{capture_point=\"relu1\",model=\"small\",version=\"1\"} 60.0")
                .contains("espalier_evidence_needed{capture_point=\"relu1\",model=\"small\",version=\"1\"} 100.0")
                .contains("espalier_plan_ready{model=\"small\",version=\"1\"} 0.0");
    }

    @Test
    void doesNotCountACapturePointBeforeAllItsShardsAreThere() {
        register("1");
        score(Models.scores("1", 0, 100, 0.1, 0.1, 0.1, 0.1));
        assertThat(published()).isEmpty();
        assertThat(readiness().capturePoints().get(0).samples()).isZero();
        score(Models.scores("1", 4, 120, 0.2, 0.2, 0.2, 0.2));
        List<Recommendation> published = published();
        assertThat(published).hasSize(1);
        assertThat(published.get(0).evidence()).isEqualTo(Map.of(Models.POINT, 100L));
    }

    @Test
    void doesNotRecommendAgainWhenOnlyScoresMove() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
        score(Models.scores("1", 0, 200, DESCENDING));
        assertThat(published()).isEmpty();
    }

    @Test
    void recommendsAnewAfterTheCoolDownWhenThePlanDiffers() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
        driver.advanceWallClockTime(COOL_DOWN);
        score(Models.scores("1", 0, 200, ASCENDING));
        assertThat(published()).as("the same plan again").isEmpty();
        score(Models.scores("1", 0, 300, DESCENDING));
        assertThat(published()).hasSize(1);
    }

    @Test
    void aPlanHeldBackByTheCoolDownIsExplainedAndComesWhenItIsOverEvenWithoutTraffic() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
        score(Models.scores("1", 0, 200, DESCENDING));
        assertThat(published()).isEmpty();
        assertThat(readiness().reason()).contains("stands until");
        driver.advanceWallClockTime(COOL_DOWN);
        assertThat(published()).hasSize(1);
        assertThat(readiness().reason()).doesNotContain("stands until");
    }

    @Test
    void evidenceIsNoLongerExpectedOnceTrafficStops() {
        register("1");
        score(Models.scores("1", 0, 10, ASCENDING));
        assertThat(published()).isEmpty();
        driver.advanceWallClockTime(Duration.ofSeconds(9));
        score(Models.scores("1", 0, 60, ASCENDING));
        assertThat(published()).isEmpty();
        assertThat(readiness().capturePoints().get(0).expectedInMs()).isNotNull();
        for (int minute = 0; minute < 3; minute++) {
            driver.advanceWallClockTime(Duration.ofMinutes(1));
        }
        assertThat(readiness().capturePoints().get(0).expectedInMs()).isNull();
    }

    @Test
    void recommendsAnewWhenThePolicyChanges() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
        send(TOPICS.policies(), Models.MODEL, Codecs.POLICY, policy(0.25, 100));
        List<Recommendation> published = published();
        assertThat(published).hasSize(1);
        assertThat(published.get(0).unitsRemoved()).isEqualTo(6);
    }

    @Test
    void aPolicyThatIsDeletedGivesWayToTheDefault() {
        send(TOPICS.policies(), Models.MODEL, Codecs.POLICY, policy(0.25, 100_000));
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).isEmpty();
        input(TOPICS.policies()).pipeInput(new TestRecord<>(Models.MODEL.getBytes(UTF_8), null));
        List<Recommendation> published = published();
        assertThat(published).hasSize(1);
        assertThat(published.get(0).policy()).isEqualTo(DEFAULT);
    }

    @Test
    void badJsonIsDeadLetteredWhicheverTopicItIsOnAndTheRestGoesOn() {
        for (String topic : List.of(TOPICS.models(), TOPICS.versions())) {
            input(topic).pipeInput(new TestRecord<>(VERSION.getBytes(UTF_8), "{".getBytes(UTF_8)));
        }
        input(TOPICS.policies()).pipeInput(new TestRecord<>("small".getBytes(UTF_8), "[]".getBytes(UTF_8)));
        input(TOPICS.expressiveness())
                .pipeInput(new TestRecord<>((VERSION + "/relu1/0").getBytes(UTF_8), "{}".getBytes(UTF_8)));
        List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
        assertThat(letters)
                .extracting(letter -> header(letter, DeadLetter.REASON_HEADER))
                .containsOnly("bad_json");
        assertThat(letters)
                .extracting(letter -> header(letter, DeadLetter.TOPIC_HEADER))
                .containsExactly(TOPICS.models(), TOPICS.versions(), TOPICS.policies(), TOPICS.expressiveness());
        assertThat(letters.get(0).key()).isEqualTo(VERSION.getBytes(UTF_8));
        assertThat(letters.get(0).value()).isEqualTo("{".getBytes(UTF_8));

        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
    }

    @Test
    void aRecordTooLargeToBeSentOnIsRefusedNamingTheSetting() {
        String padded = " ".repeat(64 * 1024) + "{}";
        input(TOPICS.policies()).pipeInput(new TestRecord<>("small".getBytes(UTF_8), padded.getBytes(UTF_8)));
        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(header(letter, DeadLetter.REASON_HEADER)).isEqualTo("other");
        assertThat(header(letter, DeadLetter.DETAIL_HEADER)).contains("espalier.topics.max-message-bytes");
        assertThat(letter.value()).hasSizeLessThan(64 * 1024);
    }

    @Test
    void aDescriptorUnderAnothersKeyIsRefused() {
        send(TOPICS.models(), "small@2", Codecs.MODEL_DESCRIPTOR, Models.descriptor("1"));
        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(header(letter, DeadLetter.REASON_HEADER)).isEqualTo("key_mismatch");
    }

    @Test
    void aModelWhoseWindowsWouldNotFitTheBudgetIsRefusedAtItsRegistration() {
        ModelDescriptor wide = new ModelDescriptor(
                Models.MODEL,
                "wide",
                Models.descriptor("1").artifact(),
                List.of(),
                10,
                10,
                List.of(),
                List.of(new Group("wide", 4096, List.of(), List.of("wide"), Map.of(), List.of(), List.of())),
                List.of(new CapturePoint("wide", "wide", 4096, 64)),
                List.of(),
                List.of(),
                List.of());
        send(TOPICS.models(), wide.key().toString(), Codecs.MODEL_DESCRIPTOR, wide);
        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(header(letter, DeadLetter.REASON_HEADER)).isEqualTo("over_budget");
        assertThat(header(letter, DeadLetter.DETAIL_HEADER))
                .isEqualTo(
                        "the windows of small@wide may take 88016168 bytes, and espalier.state.max-bytes is 1048576: "
                                + "raise it and the heap, or lower espalier.window.panes");
    }

    @Test
    void aDescriptorThatContradictsItselfIsRefusedAndTheOtherModelsAreStillPlannedFor() {
        String good = new String(Codecs.MODEL_DESCRIPTOR.encode(Models.descriptor("1")), UTF_8);
        for (int index = 0; index < 20; index++) {
            String model = "bad" + index;
            String bad = good.replace("small\",", model + "\",").replace("[\"relu1\"]", "[\"relu2\"]");
            input(TOPICS.models()).pipeInput(new TestRecord<>((model + "@1").getBytes(UTF_8), bad.getBytes(UTF_8)));
            score(new Expressiveness(
                    model,
                    "1",
                    "relu1",
                    0,
                    Models.UNITS,
                    4,
                    new Window(0, 60_000, 1),
                    100,
                    ASCENDING,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null));
        }
        assertThat(deadLetters.readRecordsToList())
                .hasSize(20)
                .allSatisfy(letter ->
                        assertThat(header(letter, DeadLetter.DETAIL_HEADER)).contains("capture point 'relu2'"));
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
    }

    @Test
    void saliencyWithoutProductsIsAnExplainedSilenceAndAPlanOnceTheyCome() {
        ModelDescriptor described = Models.descriptor("1", Map.of("l2", new float[8], "consumer_l2", ONES));
        send(TOPICS.models(), VERSION, Codecs.MODEL_DESCRIPTOR, described);
        Policy policy = new Policy(
                new Target(Metric.MACS, 0.5), Criterion.parse("saliency"), null, null, Evidence.ofSamples(100));
        send(TOPICS.policies(), Models.MODEL, Codecs.POLICY, policy);
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).isEmpty();
        assertThat(readiness().ready()).isFalse();
        assertThat(readiness().reason())
                .startsWith("1 of 1 capture points, relu1, lack a residual_variance, which saliency looks at: "
                        + "set espalier.sampling.products=true");
        double[] residual = {8, 1, 7, 2, 6, 3, 5, 4};
        score(new Expressiveness(
                Models.MODEL,
                "1",
                "relu1",
                0,
                Models.UNITS,
                4,
                new Window(0, 60_000, 1),
                100,
                ASCENDING,
                null,
                null,
                null,
                null,
                residual,
                null,
                null,
                null));
        assertThat(published())
                .singleElement()
                .satisfies(plan -> assertThat(plan.remove().get(Models.GROUP)).containsExactly(1, 3, 5, 7));
    }

    @Test
    void scoresOfAModelThatIsNotRegisteredAreExplained() {
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).isEmpty();
        assertThat(readiness().reason()).contains("models topic");
    }

    @Test
    void nothingIsLeftOfAVersionThatIsNotRegisteredOnceItsScoresAreForgotten() {
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).isEmpty();
        assertThat(registry.scrape()).contains("model=\"small\"");
        retire(Models.scores("1", 0, 100, ASCENDING));
        assertThat(registry.scrape()).doesNotContain("model=\"small\"");
        assertThat(driver.getKeyValueStore(PlanningStores.PLANS).get(VERSION)).isNull();
    }

    @Test
    void aCapturePointThatFellSilentHasNoSeriesThoughItsModelIsRegistered() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
        retire(Models.scores("1", 0, 100, ASCENDING));
        assertThat(registry.scrape())
                .doesNotContain("espalier_window_samples{", "espalier_expressiveness_units_bucket{")
                .contains("espalier_version_macs{model=\"small\",version=\"1\"} 800.0");
    }

    /** As the overlap topology says it of a shard without traffic. */
    private void retire(Expressiveness scores) {
        input(TOPICS.expressiveness())
                .pipeInput(new TestRecord<>(scores.key().toString().getBytes(UTF_8), null));
        driver.advanceWallClockTime(TICK);
    }

    @Test
    void aModelsSeriesComeWithItAndGoWithIt() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).hasSize(1);
        assertThat(registry.scrape())
                .contains("espalier_window_samples{capture_point=\"relu1\",model=\"small\",version=\"1\"} 100.0")
                .contains("espalier_expressiveness_units_bucket{capture_point=\"relu1\",model=\"small\",version=\"1\","
                        + "le=\"0.0\"} 1")
                .contains("le=\"0.15\"} 4")
                .contains("le=\"0.5\"} 8")
                .contains("le=\"+Inf\"} 8")
                .contains("espalier_units{group=\"conv1\",model=\"small\",version=\"1\"} 8.0")
                .contains("espalier_units_recommended{group=\"conv1\",model=\"small\",version=\"1\"} 4.0")
                .contains("espalier_version_macs{model=\"small\",version=\"1\"} 800.0")
                .contains("espalier_version_params{model=\"small\",version=\"1\"} 80.0")
                .contains(
                        "espalier_evidence_missing{capture_point=\"relu1\",model=\"small\",reason=\"none\",version=\"1\"} 0.0")
                .contains("espalier_plan_saving{model=\"small\",version=\"1\"} 0.5")
                .contains("espalier_plan_alert_threshold{model=\"small\",version=\"1\"} 0.1")
                .contains("espalier_recommendations_total 1.0");
        input(TOPICS.models()).pipeInput(new TestRecord<>(VERSION.getBytes(UTF_8), null));
        driver.advanceWallClockTime(TICK);
        assertThat(registry.scrape()).doesNotContain("model=\"small\"");
    }

    @Test
    void whatAPlanWouldSaveIsOutstandingUntilAVersionServesThatWasMadeByIt() {
        register("1");
        assertThat(published()).isEmpty();
        assertThat(gauge("espalier.plan.saving")).as("no evidence, no plan").isZero();
        score(Models.scores("1", 0, 100, ASCENDING));
        String plan = published().get(0).id();
        assertThat(gauge("espalier.plan.saving")).isEqualTo(0.5);
        verdict(made(plan, ModelVersion.State.CANDIDATE));
        assertThat(gauge("espalier.plan.saving")).as("a file saves nothing").isEqualTo(0.5);
        verdict(made(plan, ModelVersion.State.ACTIVE));
        assertThat(gauge("espalier.plan.saving")).isZero();
        verdict(made("another", ModelVersion.State.CANARY));
        assertThat(gauge("espalier.plan.saving")).as("another saves as much").isZero();
        send(
                TOPICS.policies(),
                Models.MODEL,
                Codecs.POLICY,
                new Policy(
                        new Target(Metric.MACS, 0.25),
                        Criterion.parse("expressiveness"),
                        null,
                        null,
                        Evidence.ofSamples(100)));
        driver.advanceWallClockTime(TICK);
        assertThat(gauge("espalier.plan.saving"))
                .as("what a smaller target would save beyond it")
                .isEqualTo(0.25);
        verdict(made(plan, ModelVersion.State.RETIRED));
        assertThat(gauge("espalier.plan.saving")).isEqualTo(0.75);
    }

    @Test
    void aSavingBelowWhatThePolicyActsOnIsAlertedOnByItsOwnThreshold() {
        Policy reluctant = new Policy(
                new Target(Metric.MACS, 0.75),
                Criterion.parse("expressiveness"),
                null,
                null,
                Evidence.ofSamples(100),
                List.of(),
                null,
                null,
                new Policy.Thresholds(0.2, 0.4));
        send(TOPICS.policies(), Models.MODEL, Codecs.POLICY, reluctant);
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        assertThat(published()).isEmpty();
        assertThat(gauge("espalier.plan.saving")).isEqualTo(0.25);
        assertThat(gauge("espalier.plan.alert.threshold")).isEqualTo(0.2);
    }

    @Test
    void howWellScoresAreKnownIsShownAsTheMeanOfTheUnits() {
        register("1");
        score(Models.scores("1", 0, 100, ASCENDING));
        driver.advanceWallClockTime(TICK);
        assertThat(registry.scrape())
                .as("without errors and intervals there is nothing to show")
                .doesNotContain("espalier_score_interval_width{")
                .doesNotContain("espalier_score_standard_error{");
        double[] lower = {0.0, 0.0, 0.0, 0.1, 0.1, 0.2, 0.2, 0.3};
        double[] upper = {0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4};
        double[] errors = {0.01, 0.01, 0.01, 0.01, 0.03, 0.03, 0.03, 0.03};
        score(new Expressiveness(
                Models.MODEL,
                "1",
                Models.POINT,
                0,
                Models.UNITS,
                4,
                new Window(0, 60_000, 1),
                100,
                ASCENDING,
                errors,
                null,
                null,
                null,
                null,
                new Expressiveness.Interval(lower, upper),
                null,
                null));
        driver.advanceWallClockTime(TICK);
        // Widths 0.2 0.2 0.2 0.1 0.2 0.1 0.2 0.1.
        assertThat(gauge("espalier.score.interval.width")).isCloseTo(1.3 / 8, within(1e-12));
        assertThat(gauge("espalier.score.standard.error")).isCloseTo(0.02, within(1e-12));
    }

    @Test
    void aVerdictIsKeptAndItsCostAndErrorAreShown() {
        ModelVersion version = made("abcdef", ModelVersion.State.CANDIDATE);
        send(TOPICS.versions(), "small@1-abc", Codecs.MODEL_VERSION, version);
        driver.advanceWallClockTime(TICK);
        assertThat(registry.scrape())
                .contains("espalier_version_equivalence_error{model=\"small\",version=\"1-abc\"} 2.0E-6")
                .contains("espalier_version_divergence{model=\"small\",stage=\"cut\",version=\"1-abc\"} 0.5")
                .contains("espalier_version_divergence{model=\"small\",stage=\"recovered\",version=\"1-abc\"} 0.25");
        assertThat(driver.getKeyValueStore(PlanningStores.VERSIONS).get("small@1-abc"))
                .isEqualTo(version);
    }

    private static ModelVersion made(String recommendation, ModelVersion.State state) {
        return new ModelVersion(
                Models.MODEL,
                "1-abc",
                "1",
                recommendation,
                state,
                Models.descriptor("1").artifact(),
                new ModelVersion.Checks(2e-6, 1e-4, 4, 0),
                40,
                400,
                null,
                List.of(new ModelVersion.RecoveryResult(
                        RecoveryStep.RIDGE, true, null, 0.5, 0.25, 0.5, 0.75, 224, 32, 1.5)));
    }

    /** The parent is looked at again with its next score, or a minute later. */
    private void verdict(ModelVersion version) {
        send(TOPICS.versions(), version.key().toString(), Codecs.MODEL_VERSION, version);
        driver.advanceWallClockTime(Duration.ofMinutes(2));
    }

    private double gauge(String name) {
        return registry.get(name).tag("version", "1").gauge().value();
    }

    private void register(String version) {
        send(TOPICS.models(), Models.MODEL + "@" + version, Codecs.MODEL_DESCRIPTOR, Models.descriptor(version));
    }

    private void score(Expressiveness scores) {
        send(TOPICS.expressiveness(), scores.key().toString(), Codecs.EXPRESSIVENESS, scores);
    }

    private <T> void send(String topic, String key, Codec<T> codec, T value) {
        input(topic).pipeInput(new TestRecord<>(key.getBytes(UTF_8), codec.encode(value)));
    }

    private TestInputTopic<byte[], byte[]> input(String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private List<Recommendation> published() {
        driver.advanceWallClockTime(TICK);
        return recommendations.readRecordsToList().stream()
                .peek(record -> assertThat(new String(record.key(), UTF_8)).isEqualTo(Models.MODEL))
                .map(record -> Codecs.RECOMMENDATION.decode(record.value()))
                .toList();
    }

    private Readiness readiness() {
        return state().readiness();
    }

    private static Policy policy(double keep, long minSamples) {
        return new Policy(
                new Target(Metric.MACS, keep),
                Criterion.parse("expressiveness"),
                null,
                null,
                Evidence.ofSamples(minSamples));
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
