package io.espalier.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.espalier.broker.EmbeddedBroker;
import io.espalier.planner.Planner;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RandomInputs;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.Sha256;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compressor alone in a process, from the same file as a streams service that is not there. */
final class CompressorProcessIT {
    private static final Path FIXTURE =
            Path.of("..", "model-surgery", "src", "test", "resources", "io", "espalier", "surgery", "residual.pt");
    private static final Pattern LISTENING = Pattern.compile("listening on port (\\d+)");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int INPUTS = 64;

    @TempDir
    Path folder;

    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    private final List<List<Tensor>> inputs = new ArrayList<>();

    @Test
    void recoversWhatIsRecommendedAndSaysHowItIs() throws Exception {
        Recommendation recommendation = recommendation();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            Path said = folder.resolve("said.txt");
            Process process = start(broker.bootstrapServers(), said);
            try {
                Matcher port =
                        await().atMost(LIMIT).until(() -> LISTENING.matcher(Files.readString(said)), Matcher::find);
                URI pages = URI.create("http://127.0.0.1:" + port.group(1) + "/");
                await().atMost(LIMIT).until(() -> get(pages, "health/ready").statusCode() == 200);
                assertThat(get(pages, "health/live").statusCode()).isEqualTo(200);

                send(broker.bootstrapServers(), recommendation);
                ModelVersion version = version(broker.bootstrapServers());
                assertThat(version.state()).as(version.reason()).isEqualTo(ModelVersion.State.CANDIDATE);
                assertThat(version.recovery()).singleElement().satisfies(step -> {
                    assertThat(step.kept()).as(step.toString()).isTrue();
                    assertThat(step.inputs() + step.heldOut()).isEqualTo(INPUTS);
                });
                assertThat(Sha256.of(Path.of(URI.create(version.artifact().uri()))))
                        .isEqualTo(version.artifact().sha256());
                assertThat(get(pages, "metrics").body())
                        .contains("espalier_versions_total{state=\"candidate\"} 1.0", "jvm_memory_used_bytes");
                assertThat(get(pages, "api/models").statusCode()).isEqualTo(404);
            } finally {
                process.destroy();
                if (!process.waitFor(1, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                }
            }
            assertThat(process.exitValue()).as(Files.readString(said)).isIn(0, 143);
        }
    }

    private Process start(String broker, Path said) throws IOException {
        Path config = Files.writeString(
                folder.resolve("streams.properties"),
                String.join(
                        "\n",
                        "espalier.kafka.bootstrap.servers=" + broker,
                        "espalier.http.host=127.0.0.1",
                        "espalier.artifacts.dir=" + folder.resolve("artifacts"),
                        "espalier.window.panes=30",
                        "espalier.policy.criterion=l2",
                        "espalier.compressor.enabled=false",
                        "espalier.compressor.lock=" + folder.resolve("lock"),
                        "espalier.compressor.recovery.min-inputs=" + INPUTS));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EspalierMain.class.getName(),
                        "compressor",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("ESPALIER_HTTP_PORT", "0");
        return builder.start();
    }

    private Recommendation recommendation() throws IOException {
        try (ModelRuntime runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(1))) {
            DescribedModel model =
                    new ModelDescriber(runtime).describe(FIXTURE, "residual", "1", List.of(new long[] {1, 1, 12, 12}));
            descriptor = model.descriptor();
            RandomInputs random = RandomInputs.of(model.inputs(), 5);
            for (int i = 0; i < INPUTS; i++) {
                inputs.add(random.next());
            }
        }
        Policy policy = new Policy(
                Policy.Target.parse("macs=0.5"),
                Criterion.parse("l2"),
                null,
                null,
                Policy.Evidence.ofSamples(2),
                List.of(RecoveryStep.RIDGE),
                null,
                false,
                null);
        return new Planner().plan(descriptor, Map.of(), policy).recommendation().orElseThrow();
    }

    private ModelDescriptor descriptor;

    private void send(String broker, Recommendation recommendation) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] key = descriptor.key().toString().getBytes(UTF_8);
            for (List<Tensor> input : inputs) {
                producer.send(new ProducerRecord<>(
                                topics.inputs(), key, sample(input).toByteArray()))
                        .get();
            }
            producer.send(new ProducerRecord<>(topics.models(), key, Codecs.MODEL_DESCRIPTOR.encode(descriptor)))
                    .get();
            producer.send(new ProducerRecord<>(
                            topics.recommendations(), key, Codecs.RECOMMENDATION.encode(recommendation)))
                    .get();
        }
    }

    private InputSample sample(List<Tensor> input) {
        ModelDescriptor.Input named = descriptor.inputs().get(0);
        return InputSample.newBuilder()
                .setModel(descriptor.model())
                .setVersion(descriptor.version())
                .setPublisher("test")
                .addInputs(InputTensor.newBuilder()
                        .setName(named.name())
                        .setDatatype(named.datatype())
                        .addAllShape(Arrays.stream(input.get(0).shape()).boxed().toList())
                        .setData(ByteString.copyFrom(input.get(0).data())))
                .build();
    }

    private ModelVersion version(String broker) {
        List<ModelVersion> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.versions()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> read.add(Codecs.MODEL_VERSION.decode(record.value())));
                return !read.isEmpty();
            });
        }
        assertThat(read).hasSize(1);
        return read.get(0);
    }

    private static HttpResponse<String> get(URI pages, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(pages.resolve(path)).build(), BodyHandlers.ofString());
    }
}
