package io.espalier.streams.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.espalier.protocol.Datatype;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.Sha256;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.Divergence;
import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** From a registered model file to a smaller one that runs: a real archive, libtorch and broker. */
@TestInstance(Lifecycle.PER_CLASS)
final class CompressorIT {
    private static final Path FIXTURE =
            Path.of("..", "model-surgery", "src", "test", "resources", "io", "espalier", "surgery", "residual.pt");
    private static final long[] SHAPE = {1, 1, 12, 12};
    private static final String MODEL = "residual";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Path directory;
    private TestBroker broker;
    private TopicClient client;
    private Installation installation;
    private Path parent;

    @BeforeAll
    void openBroker(@TempDir Path temporary) {
        directory = temporary;
        broker = TestBroker.embedded(directory.resolve("broker"));
        client = new TopicClient(broker.bootstrapServers());
    }

    @AfterAll
    void closeBroker() {
        client.close();
        broker.close();
    }

    @BeforeEach
    void install() throws IOException {
        installation = new Installation(broker, directory);
        Files.createDirectories(installation.directory);
        parent = Files.copy(FIXTURE, installation.directory.resolve("parent.pt"));
    }

    @Test
    void aRecommendationBecomesOneCandidateThatWasRunAndComparedAlsoAfterARestart() throws Exception {
        ModelDescriptor descriptor = descriptor();
        try (StreamsService service = start()) {
            assertThat(service.port()).isPositive();
            inputs(descriptor, 5);
            register(descriptor);
            ModelVersion version = onlyVersion();
            assertThat(version.state()).as(version.reason()).isEqualTo(State.CANDIDATE);
            assertThat(version.parent()).isEqualTo("1");
            assertThat(version.version())
                    .isEqualTo("1-" + version.recommendation().substring(0, 8));
            assertThat(version.macs()).isLessThanOrEqualTo(descriptor.macs() / 2);
            assertThat(version.params()).isLessThan(descriptor.params());
            assertThat(version.checks().maxRelativeError()).isLessThanOrEqualTo(1e-4);
            assertThat(version.checks().randomInputs()).isEqualTo(4);
            assertThat(version.checks().sampledInputs()).isEqualTo(5);
            Path artifact = Path.of(URI.create(version.artifact().uri()));
            assertThat(artifact.getFileName()).hasToString(MODEL + "-" + version.version() + ".pt");
            assertThat(Sha256.of(artifact)).isEqualTo(version.artifact().sha256());
            assertThat(filesIn(artifact.getParent())).containsExactly(artifact);
        }
        try (StreamsService restarted = start()) {
            assertThat(restarted.port()).isPositive();
            assertThat(client.read(installation.topics.versions(), Duration.ofSeconds(8), read -> false))
                    .hasSize(1);
        }
    }

    @Test
    void ofADryRunNothingIsMade() throws Exception {
        ModelDescriptor descriptor = descriptor();
        String group = installation.applicationId + "-compressor";
        try (StreamsService service = start("espalier.policy.dry-run=true")) {
            assertThat(service.port()).isPositive();
            register(descriptor);
            await().atMost(LIMIT).until(() -> client.committed(group, installation.topics.recommendations()) > 0);
            assertThat(client.read(installation.topics.recommendations(), LIMIT, read -> !read.isEmpty()))
                    .hasSize(1);
            assertThat(client.read(installation.topics.versions(), Duration.ofSeconds(2), read -> false))
                    .isEmpty();
        }
    }

    @Test
    void aJobThatWaitsForInputsIsDroppedOnceItsRecommendationIsWithdrawn() throws Exception {
        ModelDescriptor descriptor = descriptor();
        String group = installation.applicationId + "-compressor";
        String topic = installation.topics.recommendations();
        try (StreamsService service =
                start("espalier.policy.recovery=ridge", "espalier.compressor.recovery.min-inputs=48")) {
            assertThat(service.port()).isPositive();
            register(descriptor);
            Recommendation waiting = Codecs.RECOMMENDATION.decode(
                    client.read(topic, LIMIT, read -> !read.isEmpty()).get(0).value());
            Recommendation back = waiting.withdrawn(
                    "0123456789abcdef", new Recommendation.Withdrawal(waiting.id(), "the traffic has drifted"));
            client.send(topic, null, MODEL.getBytes(UTF_8), Codecs.RECOMMENDATION.encode(back));
            client.flush();
            await().atMost(LIMIT).until(() -> client.committed(group, topic) > 0);
            inputs(descriptor, 48);
            assertThat(client.read(installation.topics.versions(), Duration.ofSeconds(7), read -> !read.isEmpty()))
                    .isEmpty();
        }
    }

    @Test
    void aFileThatIsNotTheOneDescribedIsRejectedWithTheReason() throws Exception {
        ModelDescriptor descriptor = descriptor();
        Files.write(parent, new byte[] {0}, StandardOpenOption.APPEND);
        try (StreamsService service = start()) {
            assertThat(service.port()).isPositive();
            register(descriptor);
            ModelVersion version = onlyVersion();
            assertThat(version.state()).isEqualTo(State.REJECTED);
            assertThat(version.reason()).contains("sha256").doesNotContain("\n");
            assertThat(version.artifact()).isNull();
        }
    }

    @Test
    void badJsonAndAnUnknownModelDoNotStopTheCompressor() throws Exception {
        ModelDescriptor descriptor = descriptor();
        try (StreamsService service = start()) {
            assertThat(service.port()).isPositive();
            client.send(installation.topics.recommendations(), null, MODEL.getBytes(UTF_8), "{".getBytes(UTF_8));
            client.flush();
            register(descriptor);
            assertThat(onlyVersion().state()).isEqualTo(State.CANDIDATE);
            assertThat(client.read(installation.topics.deadLetters(), LIMIT, read -> !read.isEmpty()))
                    .hasSize(1);
        }
    }

    @Test
    void aPolicyThatAsksForRecoveryGetsItFromTheSampledInputs() throws Exception {
        ModelDescriptor descriptor = descriptor();
        try (StreamsService service =
                start("espalier.policy.recovery=ridge,norm", "espalier.compressor.recovery.min-inputs=48")) {
            assertThat(service.port()).isPositive();
            register(descriptor);
            // The job is there before its inputs, and waits.
            assertThat(client.read(installation.topics.recommendations(), LIMIT, read -> !read.isEmpty()))
                    .hasSize(1);
            inputs(descriptor, 24);
            assertThat(client.read(installation.topics.versions(), Duration.ofSeconds(7), read -> !read.isEmpty()))
                    .isEmpty();
            inputs(descriptor, 40);
            ModelVersion version = onlyVersion();
            assertThat(version.state()).as(version.reason()).isEqualTo(State.CANDIDATE);
            assertThat(version.checks().maxRelativeError()).isLessThanOrEqualTo(1e-4);
            assertThat(version.recovery())
                    .extracting(RecoveryResult::step)
                    .containsExactly(RecoveryStep.RIDGE, RecoveryStep.NORM);
            RecoveryResult ridge = version.recovery().get(0);
            assertThat(ridge.kept()).as(ridge.toString()).isTrue();
            assertThat(ridge.divergenceAfter()).isLessThan(ridge.divergenceBefore() / 2);
            assertThat(ridge.inputs()).isEqualTo(56);
            assertThat(ridge.heldOut()).isEqualTo(8);
            Path artifact = Path.of(URI.create(version.artifact().uri()));
            assertThat(Sha256.of(artifact)).isEqualTo(version.artifact().sha256());
            assertThat(filesIn(artifact.getParent())).containsExactly(artifact);
            assertThat(divergence(artifact)).isLessThan(ridge.divergenceBefore() / 2);
        }
    }

    @Test
    void aPolicyThatAsksForSizesGetsThemSearchedForWithTheSampledInputs() throws Exception {
        ModelDescriptor descriptor = descriptor();
        try (StreamsService service = start(
                "espalier.policy.ranking=search",
                "espalier.policy.recovery=ridge",
                "espalier.compressor.recovery.min-inputs=48")) {
            assertThat(service.port()).isPositive();
            await().atMost(LIMIT).until(() -> client.isReady(installation.topics.inputs()));
            inputs(descriptor, 64);
            register(descriptor);
            ModelVersion version = onlyVersion();
            assertThat(version.state()).as(version.reason()).isEqualTo(State.CANDIDATE);
            assertThat(version.search().reason()).isNull();
            assertThat(version.search().inputs()).isEqualTo(64);
            assertThat(version.macs()).isLessThanOrEqualTo(descriptor.macs() / 2);
            Recommendation recommended = Codecs.RECOMMENDATION.decode(
                    client.read(installation.topics.recommendations(), LIMIT, read -> !read.isEmpty())
                            .get(0)
                            .value());
            version.search()
                    .remove()
                    .forEach((group, units) -> assertThat(units)
                            .containsExactlyInAnyOrderElementsOf(
                                    recommended.order().get(group).subList(0, units.size())));
            assertThat(version.recovery().get(0).kept()).isTrue();
        }
    }

    @Test
    void withoutInputsTheCutIsPublishedAndSaysWhatIsMissing() throws Exception {
        ModelDescriptor descriptor = descriptor();
        try (StreamsService service =
                start("espalier.policy.recovery=ridge", "espalier.compressor.recovery.wait=PT0S")) {
            assertThat(service.port()).isPositive();
            inputs(descriptor, 5);
            register(descriptor);
            ModelVersion version = onlyVersion();
            assertThat(version.state()).isEqualTo(State.CANDIDATE);
            assertThat(version.recovery()).singleElement().satisfies(result -> {
                assertThat(result.kept()).isFalse();
                assertThat(result.reason()).contains("5 inputs", "256 are needed");
            });
        }
    }

    @Test
    void aJobKilledInTheMiddleIsDoneAnewAndNoTwoOfOneMachineAreDoneAtOnce() throws Exception {
        ModelDescriptor descriptor = descriptor();
        Map<String, String> settings = settings(
                "espalier.policy.recovery=ridge,distil",
                "espalier.compressor.recovery.min-inputs=64",
                "espalier.compressor.recovery.time-limit=PT8S");
        Path file = installation.settingsFile(settings);
        Path log = installation.directory.resolve("child.log");
        try (StreamsProcess killed = StreamsProcess.start(file, log)) {
            await().atMost(LIMIT).until(() -> client.isReady(installation.topics.inputs()));
            inputs(descriptor, 64);
            register(descriptor);
            await().atMost(LIMIT).until(() -> Files.readString(log).contains("distil begins"));
            killed.kill();
        }
        assertThat(client.read(installation.topics.versions(), Duration.ofSeconds(2), read -> false))
                .isEmpty();
        Path lock = Path.of(settings.get("espalier.compressor.lock"));
        Path second = installation.directory.resolve("second.log");
        try (StreamsProcess restarted = start(file, second, lock)) {
            ModelVersion version = onlyVersion();
            assertThat(version.state()).as(version.reason()).isEqualTo(State.CANDIDATE);
            assertThat(version.recovery())
                    .extracting(RecoveryResult::step)
                    .containsExactly(RecoveryStep.RIDGE, RecoveryStep.DISTIL);
            Path artifact = Path.of(URI.create(version.artifact().uri()));
            assertThat(Sha256.of(artifact)).isEqualTo(version.artifact().sha256());
            assertThat(filesIn(artifact.getParent())).containsExactly(artifact);
            assertThat(restarted.end()).isIn(0, 143);
        }
    }

    /** As another compressor would, this process holds the lock until the child has said that it waits for it. */
    private static StreamsProcess start(Path settings, Path log, Path lock) throws Exception {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            StreamsProcess process = StreamsProcess.start(settings, log);
            await().atMost(LIMIT).until(() -> Files.readString(log).contains("waits for another compressor"));
            return process;
        }
    }

    @Test
    void aServiceThatIsClosedInTheMiddleOfARecoveryEndsSoon() throws Exception {
        ModelDescriptor descriptor = descriptor();
        StreamsService service = start(
                "espalier.policy.recovery=distil",
                "espalier.compressor.recovery.min-inputs=64",
                "espalier.compressor.recovery.time-limit=PT10M");
        inputs(descriptor, 64);
        register(descriptor);
        Path artifacts = installation.directory.resolve("artifacts");
        await().atMost(LIMIT)
                .until(() -> Files.exists(artifacts) && !filesIn(artifacts).isEmpty());
        service.close();
        assertThat(client.read(installation.topics.versions(), Duration.ofSeconds(2), read -> false))
                .isEmpty();
        assertThat(filesIn(artifacts)).isEmpty();
    }

    /** Of the artifact's outputs from the parent's, on inputs that no recovery has seen. */
    private double divergence(Path artifact) throws IOException {
        Divergence divergence = new Divergence();
        try (ModelRuntime runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(1));
                LoadedModel whole = runtime.load(parent);
                LoadedModel smaller = runtime.load(artifact)) {
            Random random = new Random(99);
            for (int i = 0; i < 32; i++) {
                Tensor input = new Tensor(Datatype.FP32, SHAPE, image(random));
                divergence.add(whole.forward(List.of(input)), smaller.forward(List.of(input)));
            }
        }
        return divergence.measured().divergence();
    }

    private ModelDescriptor descriptor() throws IOException {
        try (ModelRuntime runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(1))) {
            return new ModelDescriber(runtime)
                    .describe(parent, MODEL, "1", List.of(SHAPE))
                    .descriptor();
        }
    }

    private StreamsService start(String... more) {
        StreamsService service = new StreamsService(StreamsSettings.of(settings(more)));
        service.start();
        return service;
    }

    private Map<String, String> settings(String... more) {
        Map<String, String> settings = installation.settings();
        settings.put("espalier.compressor.enabled", "true");
        settings.put("espalier.policy.criterion", "l2");
        settings.put("espalier.policy.target", "macs=0.5");
        settings.put("espalier.policy.dry-run", "false");
        for (String setting : more) {
            String[] parts = setting.split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        return settings;
    }

    private void register(ModelDescriptor descriptor) throws Exception {
        client.send(
                installation.topics.models(),
                null,
                descriptor.key().toString().getBytes(UTF_8),
                Codecs.MODEL_DESCRIPTOR.encode(descriptor));
        client.flush();
    }

    private void inputs(ModelDescriptor descriptor, int count) throws Exception {
        Random random = new Random(3);
        for (int sample = 0; sample < count; sample++) {
            byte[] data = image(random);
            InputSample input = InputSample.newBuilder()
                    .setModel(MODEL)
                    .setVersion("1")
                    .setPublisher("test")
                    .addInputs(InputTensor.newBuilder()
                            .setName(descriptor.inputs().get(0).name())
                            .setDatatype("FP32")
                            .addAllShape(List.of(1L, 1L, 12L, 12L))
                            .setData(ByteString.copyFrom(data)))
                    .build();
            client.send(installation.topics.inputs(), null, (MODEL + "@1").getBytes(UTF_8), input.toByteArray());
        }
        client.flush();
    }

    private static byte[] image(Random random) {
        ByteBuffer data = ByteBuffer.allocate(12 * 12 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putFloat(random.nextFloat());
        }
        return data.array();
    }

    private ModelVersion onlyVersion() {
        List<ConsumerRecord<byte[], byte[]>> records =
                client.read(installation.topics.versions(), LIMIT, read -> !read.isEmpty());
        assertThat(records).hasSize(1);
        ModelVersion version = Codecs.MODEL_VERSION.decode(records.get(0).value());
        assertThat(new String(records.get(0).key(), UTF_8))
                .isEqualTo(version.key().toString());
        return version;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
