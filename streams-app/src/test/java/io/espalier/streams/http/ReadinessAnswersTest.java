package io.espalier.streams.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.planner.drift.DriftSettings;
import io.espalier.protocol.Topics;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codec;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Evidence;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.EvidenceMeters;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.testing.Models;
import io.espalier.streams.topology.ControlSettings;
import io.espalier.streams.topology.PlanState;
import io.espalier.streams.topology.PlanningSettings;
import io.espalier.streams.topology.PlanningStores;
import io.espalier.streams.topology.PlanningTopology;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the API, the metrics and the log say of a capture point is one answer: the real topology's, told three times. */
final class ReadinessAnswersTest {
    private static final Topics TOPICS = new Topics("t.");
    private static final VersionKey VERSION = new VersionKey(Models.MODEL, "1");
    private static final Duration PANE = Duration.ofMinutes(1);
    private static final int PANES = 60;
    private static final double[] ASCENDING = {0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35};
    private static final double[] SWAPPED = {0.3, 0.35, 0.1, 0.15, 0.2, 0.25, 0.0, 0.05};
    private static final Pattern LOGGED = Pattern.compile(
            "; (\\S+) has (\\d+) of (\\d+) samples, expected (?:in ([0-9.]+) s|at an unknown time): ([^;]+)");

    /** A capture point as somebody says it; no time: not known. */
    private record Said(String point, long samples, long needed, Double seconds, String reason) {}

    private final ApiServer api = ApiServer.start();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.espalier.streams.topology.ReadinessReport");
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        Policy policy = new Policy(
                Target.parse("macs=0.5"), Criterion.parse("expressiveness"), null, null, new Evidence(100, 0.95, 0.0));
        PlanningSettings settings = new PlanningSettings(
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                model -> policy,
                new DriftSettings(Duration.ofDays(30), 0.02, 0.05),
                new ControlSettings(false, Duration.ofSeconds(10), 0.01, 1e6),
                PANE,
                PANES,
                1 << 20,
                64 * 1024);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        driver = new TopologyTestDriver(
                new PlanningTopology(
                                TOPICS, settings, Map.of(), ModelMeters.of(registry), new DeadLetterMeters(registry))
                        .get(),
                properties);
        api.models.add(Models.descriptor("1"));
        log.start();
        logger.addAppender(log);
        send(TOPICS.models(), VERSION.toString(), Codecs.MODEL_DESCRIPTOR, Models.descriptor("1"));
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        driver.close();
        api.close();
    }

    @Test
    void withoutTrafficTheTimeIsNotKnownAndAllThreeSaySo() throws Exception {
        assertThat(oneAnswer())
                .isEqualTo(new Said(Models.POINT, 0, 100, null, "fewer than the 100 samples that the policy asks for"));
    }

    @Test
    void samplesThatAreMissingAreExpectedAtOneTime() throws Exception {
        score(0, 10, 1, 0.01, ASCENDING);
        advance(Duration.ofSeconds(9));
        log.list.clear();
        // The log says anew what changes in kind; so does a version that comes for the first time.
        send(TOPICS.models(), VERSION.toString(), null, null);
        send(TOPICS.models(), VERSION.toString(), Codecs.MODEL_DESCRIPTOR, Models.descriptor("1"));
        score(0, 10, 1, 0.01, ASCENDING);
        advance(Duration.ofSeconds(1));
        advance(Duration.ofSeconds(9));
        score(0, 60, 1, 0.01, ASCENDING);
        advance(Duration.ofSeconds(1));
        Said api = inApi();
        assertThat(api.seconds()).isEqualTo(8.0);
        assertThat(inMetrics()).isEqualTo(api);
    }

    @Test
    void aCutThatIsNotDecidedNamesTheSamplesThatWouldDo() throws Exception {
        score(0, 200, 1, 0.05, ASCENDING);
        advance(Duration.ofSeconds(1));
        Said said = oneAnswer();
        assertThat(said.samples()).isEqualTo(200);
        assertThat(said.needed()).isGreaterThan(400);
        assertThat(said.reason()).isEqualTo("units of group conv1 may be on either side of the cut");
    }

    @Test
    void afterADriftTheTimeIsThatAtWhichTheWindowHoldsNothingFromBefore() throws Exception {
        score(0, 1000, PANES, 0.01, ASCENDING);
        advance(Duration.ofSeconds(1));
        assertThat(inMetrics().reason()).isEqualTo(EvidenceMeters.NO_REASON);
        score(30, 1000, PANES, 0.01, SWAPPED);
        advance(Duration.ofSeconds(1));
        Said said = oneAnswer();
        assertThat(said.samples()).as("none of new traffic alone").isZero();
        assertThat(said.seconds()).isEqualTo(PANES * 60.0);
        assertThat(said.reason()).isEqualTo("its window holds traffic from before 1970-01-01T01:30:00Z");
        assertThat(log.list.get(log.list.size() - 1).getFormattedMessage())
                .as("a longer window would not help")
                .doesNotContain("raise espalier.window.panes");

        score(90, 1000, PANES, 0.01, SWAPPED);
        advance(Duration.ofSeconds(1));
        assertThat(inApi().samples()).isEqualTo(1000);
        assertThat(inMetrics().reason()).as("the old reason is gone").isEqualTo(EvidenceMeters.NO_REASON);
    }

    /** What all three say; fails unless it is the same. */
    private Said oneAnswer() throws Exception {
        advance(Duration.ofSeconds(1));
        Said said = inApi();
        assertThat(inMetrics()).isEqualTo(said);
        assertThat(inLog()).isEqualTo(said);
        return said;
    }

    private Said inApi() throws Exception {
        PlanState state =
                (PlanState) driver.getKeyValueStore(PlanningStores.PLANS).get(VERSION.toString());
        api.models.readiness.put(VERSION, state.readiness());
        JsonNode point = api.json("/api/models/small/readiness")
                .get(0)
                .get("capture_points")
                .get(0);
        return new Said(
                point.get("name").asText(),
                point.get("samples").asLong(),
                point.get("needed").asLong(),
                point.has("expected_in_ms") ? point.get("expected_in_ms").asLong() / 1000.0 : null,
                point.has("reason") ? point.get("reason").asText() : EvidenceMeters.NO_REASON);
    }

    private Said inMetrics() {
        Gauge missing = registry.get(EvidenceMeters.MISSING).gauge();
        Gauge expected = registry.find(EvidenceMeters.EXPECTED).gauge();
        long samples = (long) registry.get(EvidenceMeters.SAMPLES).gauge().value();
        long needed = (long) registry.get(EvidenceMeters.NEEDED).gauge().value();
        assertThat(registry.find(EvidenceMeters.MISSING).gauges())
                .as("one reason at a time")
                .hasSize(1);
        assertThat(missing.value()).isEqualTo((double) Math.max(0, needed - samples));
        return new Said(
                missing.getId().getTag("capture_point"),
                samples,
                needed,
                expected == null ? null : Double.valueOf(expected.value()),
                missing.getId().getTag("reason"));
    }

    private Said inLog() {
        Matcher said = LOGGED.matcher(log.list.get(log.list.size() - 1).getFormattedMessage());
        assertThat(said.find()).as(log.list.toString()).isTrue();
        return new Said(
                said.group(1),
                Long.parseLong(said.group(2)),
                Long.parseLong(said.group(3)),
                said.group(4) == null ? null : Double.valueOf(said.group(4)),
                said.group(5));
    }

    /** {@code pane}: number of the window's first pane. */
    private void score(int pane, long samples, int panes, double error, double[] scores) {
        long start = pane * PANE.toMillis();
        Window window = new Window(start, start + panes * PANE.toMillis(), panes);
        Expressiveness record = Models.known(window, samples, error, scores);
        send(TOPICS.expressiveness(), record.key().toString(), Codecs.EXPRESSIVENESS, record);
    }

    private void advance(Duration time) {
        driver.advanceWallClockTime(time);
    }

    private <T> void send(String topic, String key, Codec<T> codec, T value) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key.getBytes(UTF_8), value == null ? null : codec.encode(value)));
    }
}
