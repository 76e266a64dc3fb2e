package io.espalier.streams.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.Sha256;
import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private ModelDescriptor descriptor() throws IOException {
        try (ModelRuntime runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(1))) {
            return new ModelDescriber(runtime)
                    .describe(parent, MODEL, "1", List.of(SHAPE))
                    .descriptor();
        }
    }

    private StreamsService start() {
        Map<String, String> settings = installation.settings();
        settings.put("espalier.compressor.enabled", "true");
        settings.put("espalier.policy.criterion", "l2");
        settings.put("espalier.policy.target", "macs=0.5");
        StreamsService service = new StreamsService(StreamsSettings.of(settings));
        service.start();
        return service;
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
            ByteBuffer data = ByteBuffer.allocate(12 * 12 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                data.putFloat(random.nextFloat());
            }
            InputSample input = InputSample.newBuilder()
                    .setModel(MODEL)
                    .setVersion("1")
                    .setPublisher("test")
                    .addInputs(InputTensor.newBuilder()
                            .setName(descriptor.inputs().get(0).name())
                            .setDatatype("FP32")
                            .addAllShape(List.of(1L, 1L, 12L, 12L))
                            .setData(ByteString.copyFrom(data.array())))
                    .build();
            client.send(installation.topics.inputs(), null, (MODEL + "@1").getBytes(UTF_8), input.toByteArray());
        }
        client.flush();
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
