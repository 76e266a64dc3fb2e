package io.espalier.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.broker.EmbeddedBroker;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.runtime.FloatTensor;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.settings.SettingsException;
import io.espalier.sidecar.settings.SidecarSettings;
import io.micrometer.core.instrument.Counter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar over real HTTP, on real libtorch, with a real broker; each test on topics of its own. */
class SidecarIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path brokerFolder;

    private static EmbeddedBroker broker;
    private static ModelRuntime runtime;
    private static Fixtures fixtures;
    private static KafkaTopics topics;

    private final Map<String, String> settings = Fixtures.settings(broker.bootstrapServers());
    private String prefix;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(brokerFolder, 0);
        runtime = Fixtures.runtime();
        fixtures = new Fixtures();
        topics = new KafkaTopics(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        runtime.close();
        broker.close();
    }

    @BeforeEach
    void ownTopics(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName() + ".";
        settings.put("espalier.topics.prefix", prefix);
    }

    @Test
    void sampledAnswersAreThoseOfThePlainModelAndPublishedBitsThoseOfPlainPyTorch() throws Exception {
        topics.create(prefix + "models", prefix + "activations");
        settings.put("espalier.sampling.rate", "1");
        settings.put("espalier.batch.samples", "7");
        settings.put("espalier.batch.linger", "PT0.2S");
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        int images = 0;
        try (sidecar;
                LoadedModel plain = runtime.load(Fixtures.MODEL)) {
            sidecar.start();
            InferenceClient client = new InferenceClient(sidecar.port());
            for (int rows : new int[] {1, 1, 1, 4, 1, 8, 1, 1, 5, 1}) {
                FloatTensor batch = fixtures.images(images, rows);
                assertThat(client.infer(batch)
                                .sameBits(plain.forward(List.of(Tensor.of(batch)))
                                        .get(0)
                                        .toFloats()))
                        .isTrue();
                images += rows;
            }
            Awaitility.await().atMost(PATIENCE).until(() -> published(sidecar) == Fixtures.IMAGES);
        }
        assertThat(images).isEqualTo(Fixtures.IMAGES);
        assertThat(counter(sidecar, "espalier.sampled.requests")).isEqualTo(10);
        assertThat(dropped(sidecar)).isZero();

        List<ConsumerRecord<String, byte[]>> models = topics.records(prefix + "models");
        assertThat(models).hasSize(1);
        assertThat(models.get(0).key()).isEqualTo("residual@1");
        ModelDescriptor model = Codecs.MODEL_DESCRIPTOR.decode(models.get(0).value());
        assertThat(model).usingRecursiveComparison().isEqualTo(sidecar.descriptor());
        checkPublished(model, sidecar);
    }

    private void checkPublished(ModelDescriptor model, SidecarService sidecar) {
        Map<String, List<byte[]>> bits = new TreeMap<>();
        Map<String, Long> sequences = new HashMap<>();
        int bytes = 0;
        for (ConsumerRecord<String, byte[]> message : topics.records(prefix + "activations")) {
            ActivationBatch batch = Codecs.ACTIVATION_BATCH.decode(message.value());
            bytes += message.value().length;
            assertThat(message.key()).isEqualTo(new ShardKey("residual", "1", batch.getCapturePoint(), 0).toString());
            assertThat(batch.getPublisher()).isEqualTo("it");
            assertThat(batch.getSequence()).isEqualTo(sequences.merge(message.key(), 0L, (last, zero) -> last + 1));
            bits.computeIfAbsent(batch.getCapturePoint(), point -> new ArrayList<>())
                    .addAll(unpacked(batch));
        }
        assertThat(bits.keySet())
                .containsExactlyInAnyOrderElementsOf(model.capturePoints().stream()
                        .map(ModelDescriptor.CapturePoint::name)
                        .toList());
        // One client, one request after the other: samples come in the order of the images.
        bits.forEach((point, samples) -> {
            assertThat(samples).hasSize(Fixtures.IMAGES);
            for (int image = 0; image < samples.size(); image++) {
                assertThat(samples.get(image)).as("%s, image %d", point, image).isEqualTo(fixtures.bits(point, image));
            }
        });
        assertThat(counter(sidecar, "espalier.published")).isEqualTo(bytes);
    }

    private static List<byte[]> unpacked(ActivationBatch batch) {
        int bits = batch.getUnits() * batch.getPositions();
        int stride = (bits + 63) / 64 * 8;
        List<byte[]> samples = new ArrayList<>();
        for (int sample = 0; sample < batch.getSamples(); sample++) {
            byte[] unpacked = new byte[bits];
            for (int bit = 0; bit < bits; bit++) {
                unpacked[bit] = (byte) (batch.getCodes().byteAt(sample * stride + bit / 8) >> (bit % 8) & 1);
            }
            samples.add(unpacked);
        }
        return samples;
    }

    @Test
    void everySampleIsPublishedOrCountedAsDroppedAfterShutdown() throws Exception {
        topics.create(prefix + "models", prefix + "activations");
        settings.put("espalier.sampling.rate", "0.5");
        // Nothing would be sent before shutdown by itself.
        settings.put("espalier.batch.samples", "4096");
        settings.put("espalier.batch.linger", "PT1M");
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        ExecutorService clients = Executors.newFixedThreadPool(4);
        int requests = 400;
        try (sidecar) {
            sidecar.start();
            assertThat(sidecar.awaitRegistered(PATIENCE)).isTrue();
            InferenceClient client = new InferenceClient(sidecar.port());
            List<Future<FloatTensor>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                FloatTensor image = fixtures.images(i % Fixtures.IMAGES, 1);
                answers.add(clients.submit(() -> client.infer(image)));
            }
            for (Future<FloatTensor> answer : answers) {
                assertThat(answer.get().shape()).containsExactly(1, 6);
            }
        } finally {
            clients.shutdown();
        }
        double sampled = counter(sidecar, "espalier.sampled.requests");
        // Five standard deviations of a fair coin.
        assertThat(sampled).isBetween(150.0, 250.0);
        assertThat(published(sidecar) + dropped(sidecar, "queue_full")).isEqualTo(sampled);
        assertThat(published(sidecar)).isGreaterThan(sampled / 2);
        for (ModelDescriptor.CapturePoint point : sidecar.descriptor().capturePoints()) {
            int samples = topics.records(prefix + "activations").stream()
                    .map(message -> Codecs.ACTIVATION_BATCH.decode(message.value()))
                    .filter(batch -> batch.getCapturePoint().equals(point.name()))
                    .mapToInt(ActivationBatch::getSamples)
                    .sum();
            assertThat(samples).isEqualTo((int) published(sidecar));
        }
    }

    @Test
    void aDirectiveThinsOutWhatIsPublishedOfItsCapturePoints() throws Exception {
        topics.create(prefix + "models", prefix + "activations", prefix + "control");
        settings.put("espalier.sampling.rate", "1");
        settings.put("espalier.batch.linger", "PT0.05S");
        settings.put("espalier.batch.max-linger", "PT0.2S");
        int requests = 400;
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        String seldom;
        String never;
        try (sidecar) {
            sidecar.start();
            assertThat(sidecar.awaitRegistered(PATIENCE)).isTrue();
            seldom = sidecar.descriptor().capturePoints().get(0).name();
            never = sidecar.descriptor().capturePoints().get(1).name();
            topics.send(
                    prefix + "control",
                    "residual@1",
                    Codecs.SAMPLING_DIRECTIVE.encode(
                            new SamplingDirective("residual", "1", Map.of(seldom, 0.25, never, 0.0))));
            InferenceClient client = new InferenceClient(sidecar.port());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> client.get("/metrics")
                            .body()
                            .contains("espalier_sampling_rate{capture_point=\"" + seldom
                                    + "\",model=\"residual\"} 0.25"));
            for (int i = 0; i < requests; i++) {
                client.infer(fixtures.images(i % Fixtures.IMAGES, 1));
            }
        }
        assertThat(published(sidecar)).isEqualTo(requests);
        assertThat(dropped(sidecar)).isZero();
        Map<String, Integer> samples = new TreeMap<>();
        topics.records(prefix + "activations").stream()
                .map(message -> Codecs.ACTIVATION_BATCH.decode(message.value()))
                .forEach(batch -> samples.merge(batch.getCapturePoint(), batch.getSamples(), Integer::sum));
        // Draws of a publisher are always the same; 100 are expected, give or take 9.
        assertThat(samples.remove(seldom)).isBetween(60, 140);
        assertThat(samples.remove(never)).isNull();
        assertThat(samples)
                .hasSize(sidecar.descriptor().capturePoints().size() - 2)
                .allSatisfy((point, count) -> assertThat(count).isEqualTo(requests));
    }

    @Test
    void aFullQueueDropsAndCountsWhileRequestsSucceed() throws Exception {
        // The topics are missing: nothing leaves the queue.
        settings.put("espalier.sampling.rate", "1");
        settings.put("espalier.sampling.queue", "10");
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        try (sidecar) {
            sidecar.start();
            InferenceClient client = new InferenceClient(sidecar.port());
            for (int i = 0; i < 8; i++) {
                client.infer(fixtures.images(i * 3, 3));
            }
            assertThat(client.get("/metrics").body())
                    .contains("espalier_sample_queue_size 9.0")
                    .contains("espalier_samples_dropped_total{reason=\"queue_full\"} 15.0")
                    .contains("espalier_requests_total{outcome=\"ok\"} 8.0");
        }
        assertThat(dropped(sidecar, "publish_failed")).isEqualTo(9);
        assertThat(published(sidecar)).isZero();
        assertThat(topics.names()).noneMatch(name -> name.startsWith(prefix));
    }

    @Test
    void aSidecarThatStartsBeforeItsTopicsPublishesOnceTheyAreThere() throws Exception {
        settings.put("espalier.sampling.rate", "1");
        settings.put("espalier.inputs.enabled", "true");
        settings.put("espalier.inputs.per-minute", "60000");
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        try (sidecar) {
            sidecar.start();
            InferenceClient client = new InferenceClient(sidecar.port());
            client.infer(fixtures.images(3, 1));
            assertThat(client.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(sidecar.awaitRegistered(Duration.ofMillis(1500))).isFalse();
            topics.create(prefix + "models", prefix + "activations", prefix + "inputs");
            assertThat(sidecar.awaitRegistered(PATIENCE)).isTrue();
            Awaitility.await().atMost(PATIENCE).until(() -> published(sidecar) == 1);
            Awaitility.await().atMost(PATIENCE).until(() -> counter(sidecar, "espalier.inputs.published") == 1);
        }
        InputSample input = Codecs.INPUT_SAMPLE.decode(
                topics.records(prefix + "inputs").get(0).value());
        java.nio.FloatBuffer data = input.getInputs(0)
                .getData()
                .asReadOnlyByteBuffer()
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        assertThat(data)
                .isEqualTo(java.nio.FloatBuffer.wrap(fixtures.images(3, 1).data()));
        assertThat(input.getInputs(0).getShapeList()).containsExactly(1L, 2L, 12L, 12L);
    }

    @Test
    void tokenIdsAreTakenAnsweredSampledAndPublishedInTheirTypes() throws Exception {
        topics.create(prefix + "models", prefix + "activations", prefix + "inputs");
        settings.put(
                "espalier.model.path",
                Fixtures.MODEL.resolveSibling("typed-tokens.pt").toString());
        settings.put("espalier.model.input-shape", "1,6;1,6;1,6:int32");
        settings.put("espalier.sampling.rate", "1");
        settings.put("espalier.inputs.enabled", "true");
        settings.put("espalier.inputs.per-minute", "60000");
        try (SidecarService sidecar = new SidecarService(SidecarSettings.of(settings))) {
            sidecar.start();
            InferenceClient client = new InferenceClient(sidecar.port());
            JsonNode model = client.json(client.get("/v2/models/residual").body());
            assertThat(model.get("inputs").findValuesAsText("datatype")).containsExactly("INT64", "INT64", "INT32");
            assertThat(model.get("outputs").findValuesAsText("datatype")).containsExactly("FP32", "INT64");
            HttpResponse<String> answer = client.infer("""
                    {"inputs": [
                      {"name": "mask", "datatype": "INT32", "shape": [2, 6], "data": [1,1,1,0,0,0, 1,1,1,1,1,1]},
                      {"name": "ids", "datatype": "INT64", "shape": [2, 6], "data": [[49,1,2,3,4,5], [7,8,9,10,11,12]]},
                      {"name": "kinds", "datatype": "INT64", "shape": [2, 6], "data": [0,0,0,1,1,1, 2,2,2,2,2,2]}]}""");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode outputs = client.json(answer.body()).get("outputs");
            assertThat(outputs.get(0).get("shape").toString()).isEqualTo("[2,4]");
            assertThat(outputs.get(1).get("data").toString()).isEqualTo("[49,7]");
            Awaitility.await().atMost(PATIENCE).until(() -> counter(sidecar, "espalier.inputs.published") == 1);
        }
        InputSample input = Codecs.INPUT_SAMPLE.decode(
                topics.records(prefix + "inputs").get(0).value());
        assertThat(input.getInputsList())
                .extracting(tensor -> tensor.getName() + " " + tensor.getDatatype())
                .containsExactly("ids INT64", "kinds INT64", "mask INT32");
        assertThat((int) input.getInputs(0).getData().byteAt(0)).isIn(49, 7);
    }

    @Test
    void aModelWhoseInputsNobodyTellsIsRefusedInOneLine() {
        settings.remove("espalier.model.input-shape");
        SidecarService sidecar = new SidecarService(SidecarSettings.of(settings));
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(sidecar::start)
                .withMessageStartingWith("espalier.model.input-shape is not set, and the archive does not hold");
    }

    @Test
    void theProtocolsEndpointsAnswer() throws Exception {
        try (SidecarService sidecar = new SidecarService(SidecarSettings.of(settings))) {
            sidecar.start();
            InferenceClient client = new InferenceClient(sidecar.port());
            assertThat(client.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
            assertThat(client.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
            JsonNode server = client.json(client.get("/v2").body());
            assertThat(server.get("name").asText()).isEqualTo("espalier-sidecar");
            for (String path : List.of("/v2/models/residual", "/v2/models/residual/versions/1")) {
                JsonNode model = client.json(client.get(path).body());
                assertThat(model.get("versions").toString()).isEqualTo("[\"1\"]");
                assertThat(model.get("inputs").toString())
                        .isEqualTo("[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,2,12,12]}]");
                assertThat(model.get("outputs").toString())
                        .isEqualTo("[{\"name\":\"output_0\",\"datatype\":\"FP32\",\"shape\":[-1,6]}]");
                assertThat(client.json(client.get(path + "/ready").body())
                                .get("ready")
                                .asBoolean())
                        .isTrue();
            }
            HttpResponse<String> answer = client.post(
                    "/v2/models/residual/versions/1/infer",
                    HttpRequest.BodyPublishers.ofString(InferenceClient.body(fixtures.images(0, 2))
                            .replaceFirst("\\{", "{\"id\": \"a-7\", \"outputs\": [{\"name\": \"output_0\"}], ")));
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            JsonNode body = client.json(answer.body());
            assertThat(body.get("id").asText()).isEqualTo("a-7");
            assertThat(body.get("model_name").asText()).isEqualTo("residual");
            assertThat(body.get("model_version").asText()).isEqualTo("1");
            assertThat(body.at("/outputs/0/datatype").asText()).isEqualTo("FP32");
            assertThat(body.at("/outputs/0/shape").toString()).isEqualTo("[2,6]");
            assertThat(body.at("/outputs/0/data")).hasSize(12);
        }
    }

    @Test
    void badRequestsGetOneLineAndAreCounted() throws Exception {
        settings.put("espalier.http.max-body-bytes", "20000");
        try (SidecarService sidecar = new SidecarService(SidecarSettings.of(settings))) {
            sidecar.start();
            InferenceClient client = new InferenceClient(sidecar.port());
            String path = "/v2/models/residual/infer";
            String good = InferenceClient.body(fixtures.images(0, 1));
            refused(client, client.infer("{"), 400, "no JSON");
            refused(client, client.infer(good.replace("[1, 2, 12, 12]", "[1, 2, 12, 13]")), 400, "numbers");
            refused(client, client.infer(good.replace("[1, 2, 12, 12]", "[2, 1, 12, 12]")), 400, "[-1, 2, 12, 12]");
            refused(client, client.infer(good.replace("\"x\"", "\"image\"")), 400, "'x' is missing");
            refused(client, client.infer(good.replace("FP32", "FP64")), 400, "FP64");
            HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(good);
            refused(client, client.post("/v2/models/other/infer", body), 404, "residual@1");
            refused(client, client.post("/v2/models/residual/versions/2/infer", body), 404, "version '2'");
            byte[] large = new byte[30000];
            refused(client, client.post(path, HttpRequest.BodyPublishers.ofByteArray(large)), 413, "");
            // Of a length that is not told in advance.
            HttpRequest.BodyPublisher chunked =
                    HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large));
            refused(client, client.post(path, chunked), 413, "");
            refused(client, client.get("/v2/models/other"), 404, "not served here");
            refused(client, client.get("/no/such/path"), 404, "");
            assertThat(client.infer(good).statusCode()).isEqualTo(200);
            assertThat(client.get("/metrics").body())
                    .contains("espalier_requests_total{outcome=\"rejected\"} 9.0")
                    .contains("espalier_requests_total{outcome=\"ok\"} 1.0")
                    .contains("espalier_requests_total{outcome=\"failed\"} 0.0")
                    .contains("espalier_served_model_info{model=\"residual\",version=\"1\"} 1");
        }
    }

    private static void refused(InferenceClient client, HttpResponse<String> response, int status, String part)
            throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode body = client.json(response.body());
        assertThat(body.fieldNames()).toIterable().containsExactly("error");
        assertThat(body.get("error").asText()).isNotBlank().contains(part).doesNotContain("\n");
    }

    static double counter(SidecarService sidecar, String name) {
        return sidecar.metrics().get(name).counter().count();
    }

    static double published(SidecarService sidecar) {
        return counter(sidecar, "espalier.samples.published");
    }

    static double dropped(SidecarService sidecar) {
        return sidecar.metrics().get("espalier.samples.dropped").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    static double dropped(SidecarService sidecar, String reason) {
        return sidecar.metrics()
                .get("espalier.samples.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
