package io.espalier.cli;

import com.sun.net.httpserver.HttpServer;
import io.espalier.planner.drift.DriftSettings;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.codec.Codec;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Artifact;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Evidence;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.protocol.score.StateSize;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.JvmMeters;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.metrics.StateMeters;
import io.espalier.streams.metrics.StreamMeters;
import io.espalier.streams.metrics.ThreadMeters;
import io.espalier.streams.store.StateBudget;
import io.espalier.streams.topology.ControlSettings;
import io.espalier.streams.topology.OverlapTopology;
import io.espalier.streams.topology.PlanningSettings;
import io.espalier.streams.topology.PlanningTopology;
import io.espalier.streams.topology.WindowSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Both topologies of the streams service with its own meters, over Kafka's test drivers and a clock that a test turns, and
 * their page of metrics over HTTP: what the service would say of a model whose traffic does what the test wants.
 */
final class StreamsScenario implements AutoCloseable {
    private static final Topics TOPICS = new Topics("t.");
    private static final Duration PANE = Duration.ofMinutes(1);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int PANES = 20;
    private static final int SAMPLES = 500;
    private static final String MODEL = "small";
    private static final String POINT = "relu1";
    private static final String GROUP = "conv1";
    private static final int UNITS = 8;
    private static final int POSITIONS = 4;
    private static final ShardKey SHARD = new ShardKey(MODEL, "1", POINT, 0);
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DeadLetterMeters deadLetters = new DeadLetterMeters(registry);
    private final ThreadMeters threads = new ThreadMeters(registry);
    private final JvmMeters jvm = JvmMeters.bind(registry);
    private final StateBudget budget = new StateBudget(3 * StateSize.window(UNITS, POSITIONS, 0, PANES));
    private final Random random = new Random(5);
    private final HttpServer server;
    private final TopologyTestDriver counting;
    private final TopologyTestDriver planning;
    private final TestOutputTopic<byte[], byte[]> scores;
    private final TestOutputTopic<byte[], byte[]> recommendations;
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    /** A model that is registered, has no traffic, and that the service has looked at once. */
    StreamsScenario() throws IOException {
        WindowSettings window =
                new WindowSettings(PANE, PANES, PANE.multipliedBy(PANES), Duration.ofDays(7), TICK, MAX_MESSAGE_BYTES);
        OverlapTopology overlap =
                new OverlapTopology(TOPICS, window, budget, Map.of(), new ActivationMeters(registry), deadLetters);
        Policy policy = new Policy(
                Target.parse("macs=0.5"), Criterion.parse("expressiveness"), null, null, new Evidence(100, 0.95, 0.0));
        PlanningSettings settings = new PlanningSettings(
                TICK,
                Duration.ofHours(1),
                model -> policy,
                new DriftSettings(Duration.ofDays(30), 0.02, 0.05),
                new ControlSettings(false, Duration.ofSeconds(10), 0.01, 1e6),
                PANE,
                PANES,
                budget.limit(),
                MAX_MESSAGE_BYTES);
        counting = driver("counting", overlap.get());
        planning = driver(
                "planning",
                new PlanningTopology(TOPICS, settings, Map.of(), ModelMeters.of(registry), deadLetters).get());
        scores = output(counting, TOPICS.expressiveness());
        recommendations = output(planning, TOPICS.recommendations());
        StateMeters.bind(registry, budget);
        StreamMeters.bind(registry, () -> true, counting::metrics, TOPICS.activations());
        StreamMeters.bindRestore(registry, List.of(counting::metrics, planning::metrics));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        send(TOPICS.models(), MODEL + "@1", Codecs.MODEL_DESCRIPTOR, descriptor());
        advance(TICK);
    }

    String target() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The whole page. */
    String page() {
        return registry.scrape();
    }

    /** A window of traffic in which unit u fires at (u + 1) / 20; returns what is recommended then. */
    Recommendation trafficUntilAPlan() {
        double[] rates = new double[UNITS];
        for (int unit = 0; unit < UNITS; unit++) {
            rates[unit] = (unit + 1) / 20.0;
        }
        for (int pane = 0; pane < PANES; pane++) {
            traffic(rates);
        }
        return recommended();
    }

    /** The compressor made a version of a recommendation. */
    void versionOf(Recommendation plan) {
        RecoveryResult recovery =
                new RecoveryResult(RecoveryStep.RIDGE, true, null, 0.5, 0.25, 0.5, 0.75, 224, 32, 1.5);
        ModelVersion version = new ModelVersion(
                MODEL,
                "1-child",
                "1",
                plan.id(),
                ModelVersion.State.CANDIDATE,
                new Artifact("file:/nowhere/child.pt", "00"),
                new ModelVersion.Checks(1e-6, 1e-4, 4, 0),
                UNITS * 5L,
                UNITS * 50L,
                null,
                List.of(recovery));
        send(TOPICS.versions(), version.key().toString(), Codecs.MODEL_VERSION, version);
        // Within a minute the parent is looked at again, though nothing came of it.
        advance(PANE.plus(TICK));
    }

    /**
     * The lowest two units have the rates of the highest two, for two windows at most, and then for half a window more;
     * returns the withdrawal.
     */
    Recommendation unitsSwapRoles() {
        double[] rates = {0.4, 0.35, 0.15, 0.2, 0.25, 0.3, 0.1, 0.05};
        for (int pane = 0; pane < 2 * PANES && recommendations.isEmpty(); pane++) {
            traffic(rates);
        }
        Recommendation withdrawal = recommended();
        for (int pane = 0; pane < PANES / 2; pane++) {
            traffic(rates);
        }
        return withdrawal;
    }

    /** One batch each that is nonsense, late, early, and of a shard for which there is no budget. */
    void refusals() {
        activations("nonsense".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}, now);
        ActivationBatch batch = batch(SHARD, UNITS, 1, new double[UNITS]);
        activations(SHARD, batch, now.minus(PANE.multipliedBy(2 * PANES)));
        activations(SHARD, batch, now.plus(Duration.ofDays(1)));
        ShardKey wide = new ShardKey("wide", "1", "relu", 0);
        activations(wide, batch(wide, 100 * UNITS, 1, new double[100 * UNITS]), now);
    }

    /** More samples in a pane than it takes. */
    void flood() {
        ActivationBatch batch = batch(SHARD, UNITS, 15_000, new double[UNITS]);
        for (int times = 0; times < 5; times++) {
            activations(SHARD, batch, now);
        }
    }

    /** Another two versions, whose windows are the rest of the budget. */
    void stateUpToTheBudget() {
        for (String version : List.of("2", "3")) {
            ShardKey shard = new ShardKey(MODEL, version, POINT, 0);
            activations(shard, batch(shard, UNITS, 2, new double[UNITS]), now);
        }
        advance(PANE);
    }

    /** A stream thread dies and is replaced. */
    void aThreadDies() {
        threads.counting(death -> StreamThreadExceptionResponse.REPLACE_THREAD)
                .handle(new IllegalStateException("of a test"));
    }

    @Override
    public void close() {
        server.stop(0);
        counting.close();
        planning.close();
        jvm.close();
    }

    private void traffic(double[] rates) {
        activations(SHARD, batch(SHARD, UNITS, SAMPLES, rates), now);
        advance(TICK);
        for (TestRecord<byte[], byte[]> score : scores.readRecordsToList()) {
            planning.createInputTopic(TOPICS.expressiveness(), new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(new TestRecord<>(score.key(), score.value()));
        }
        advance(PANE.minus(TICK));
    }

    private ActivationBatch batch(ShardKey shard, int units, int samples, double[] rates) {
        BatchBuilder builder = new BatchBuilder(shard, units, POSITIONS, "test");
        float[] values = new float[units * POSITIONS];
        for (int sample = 0; sample < samples; sample++) {
            for (int bit = 0; bit < values.length; bit++) {
                values[bit] = random.nextDouble() < rates[bit / POSITIONS] ? 1 : -1;
            }
            builder.add(values, 0);
        }
        return builder.build();
    }

    private void activations(ShardKey shard, ActivationBatch batch, Instant at) {
        activations(shard.toString().getBytes(StandardCharsets.UTF_8), Codecs.ACTIVATION_BATCH.encode(batch), at);
    }

    private void activations(byte[] key, byte[] value, Instant at) {
        counting.createInputTopic(TOPICS.activations(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key, value, at);
    }

    private <T> void send(String topic, String key, Codec<T> codec, T value) {
        planning.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key.getBytes(StandardCharsets.UTF_8), codec.encode(value));
    }

    private Recommendation recommended() {
        List<TestRecord<byte[], byte[]>> records = recommendations.readRecordsToList();
        if (records.size() != 1) {
            throw new IllegalStateException(records.size() + " recommendations where one was to come:\n" + page());
        }
        return Codecs.RECOMMENDATION.decode(records.get(0).value());
    }

    private void advance(Duration time) {
        counting.advanceWallClockTime(time);
        planning.advanceWallClockTime(time);
        now = now.plus(time);
    }

    private TopologyTestDriver driver(String name, Topology topology) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        return new TopologyTestDriver(topology, properties, now);
    }

    private static TestOutputTopic<byte[], byte[]> output(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static ModelDescriptor descriptor() {
        List<CostTerm.Extent> channels = List.of(new CostTerm.Extent(0, Map.of(GROUP, 1), 1));
        return new ModelDescriptor(
                MODEL,
                "1",
                new Artifact("file:/nowhere/small.pt", "00"),
                List.of(),
                UNITS * 10L,
                UNITS * 100L,
                List.of(),
                List.of(new Group(GROUP, UNITS, List.of(), List.of(POINT), Map.of(), List.of(), List.of())),
                List.of(new CapturePoint(POINT, GROUP, UNITS, POSITIONS)),
                List.of(new CostTerm("conv1", 10, channels)),
                List.of(new CostTerm("conv1", 100, channels)),
                List.of());
    }
}
