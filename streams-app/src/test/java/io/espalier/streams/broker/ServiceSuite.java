package io.espalier.streams.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.StreamsService;
import io.espalier.streams.deadletter.DeadLetter;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.testing.Models;
import io.espalier.streams.testing.RandomTraffic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The whole service in this JVM, on a real broker. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ServiceSuite {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final HttpClient http = HttpClient.newHttpClient();

    private Path directory;
    private TestBroker broker;
    private TopicClient client;
    private Installation installation;

    abstract TestBroker startBroker(Path brokerDirectory);

    /** Settings beside those of every installation here. */
    Map<String, String> settings() {
        return Map.of();
    }

    @BeforeAll
    void openBroker(@TempDir Path temporary) {
        directory = temporary;
        broker = startBroker(directory.resolve("broker"));
        client = new TopicClient(broker.bootstrapServers());
    }

    @AfterAll
    void closeBroker() {
        client.close();
        broker.close();
    }

    @BeforeEach
    void install() {
        installation = new Installation(broker, directory);
    }

    @Test
    void poisonIsDeadLetteredAsReceivedAndAllTheRestIsCounted() throws Exception {
        RandomTraffic traffic = new RandomTraffic(11, 5);
        Random random = new Random(11);
        try (StreamsService service = start()) {
            for (int index = 0; index < 1000; index++) {
                send(traffic.next());
                if (index % 20 == 0) {
                    byte[] poison = new byte[random.nextInt(60)];
                    random.nextBytes(poison);
                    client.send(installation.topics.activations(), null, "model@1/layer0/0".getBytes(UTF_8), poison);
                    client.send(installation.topics.models(), null, "model@1".getBytes(UTF_8), poison);
                }
            }
            client.flush();
            PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);

            List<ConsumerRecord<byte[], byte[]>> letters =
                    client.read(installation.topics.deadLetters(), LIMIT, read -> read.size() >= 100);
            assertThat(letters).hasSize(100);
            assertThat(letters)
                    .allSatisfy(letter -> assertThat(letter.headers().lastHeader(DeadLetter.REASON_HEADER))
                            .isNotNull());
            assertThat(get(service, "/metrics").body())
                    .contains("espalier_dead_letters_total{reason=\"undecodable\"} 50.0")
                    .contains("espalier_dead_letters_total{reason=\"bad_json\"} 50.0")
                    .contains("espalier_dead_letters_total{reason=\"late\"} 0.0")
                    .contains("espalier_activation_batches_total 1000.0")
                    .contains("espalier_stream_running 1.0")
                    .contains("espalier_stream_lag_records 0.0")
                    .contains("espalier_versions_total{state=\"candidate\"} 0.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(get(service, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRecordThatIsLargerThanADeadLetterCanBeDoesNotStopTheStream() throws Exception {
        RandomTraffic traffic = new RandomTraffic(17, 3);
        try (StreamsService service = start();
                KafkaProducer<byte[], byte[]> compressing = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                installation.bootstrapServers,
                                "compression.type",
                                "gzip",
                                "max.request.size",
                                32 << 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            byte[] large = new byte[9 << 20];
            compressing
                    .send(new ProducerRecord<>(installation.topics.activations(), large))
                    .get();
            compressing
                    .send(new ProducerRecord<>(installation.topics.policies(), "m".getBytes(UTF_8), large))
                    .get();
            for (int index = 0; index < 100; index++) {
                send(traffic.next());
            }
            client.flush();
            List<ConsumerRecord<byte[], byte[]>> letters =
                    client.read(installation.topics.deadLetters(), LIMIT, read -> read.size() >= 2);
            assertThat(letters)
                    .hasSize(2)
                    .allSatisfy(letter -> assertThat(letter.headers().lastHeader(DeadLetter.CUT_HEADER))
                            .isNotNull());
            PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
            assertThat(service.isRunning()).isTrue();
        }
    }

    @Test
    void aRestartGoesOnCountingWhereTheLastRunStopped() throws Exception {
        RandomTraffic traffic = new RandomTraffic(13, 4);
        for (int run = 0; run < 2; run++) {
            try (StreamsService service = start()) {
                for (int index = 0; index < 300; index++) {
                    send(traffic.next());
                }
                client.flush();
                PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
                assertThat(service.isRunning()).isTrue();
            }
        }
    }

    @Test
    void countedSamplesBecomeOneRecommendationThatTheApiExplains() throws Exception {
        try (StreamsService service = start()) {
            client.send(
                    installation.topics.models(),
                    null,
                    (Models.MODEL + "@1").getBytes(UTF_8),
                    Codecs.MODEL_DESCRIPTOR.encode(Models.descriptor("1")));
            client.flush();
            String api = "/api/models/" + Models.MODEL;
            await().atMost(LIMIT)
                    .until(() -> get(service, api + "/readiness").body().contains(Models.POINT));
            JsonNode waiting = json(service, api + "/readiness").get(0);
            assertThat(waiting.get("ready").asBoolean()).isFalse();
            assertThat(waiting.get("capture_points").get(0).get("needed").asLong())
                    .isEqualTo(256);
            String labels = "capture_point=\"relu1\",model=\"small\"";
            assertThat(get(service, "/metrics").body())
                    .contains("espalier_evidence_needed{" + labels + ",version=\"1\"} 256.0")
                    .contains("espalier_evidence_missing{" + labels + ",reason=\""
                            + waiting.get("capture_points").get(0).get("reason").asText() + "\",version=\"1\"} 256.0")
                    .contains("espalier_stream_threads_replaced_total 0.0")
                    .contains("espalier_stream_restore_lag_records 0.0");
            assertThat(get(service, api + "/versions/1/layers/" + Models.POINT).statusCode())
                    .isEqualTo(404);

            samples(1200);
            client.flush();
            List<ConsumerRecord<byte[], byte[]>> records =
                    client.read(installation.topics.recommendations(), LIMIT, read -> !read.isEmpty());
            assertThat(records).hasSize(1);
            Recommendation published =
                    Codecs.RECOMMENDATION.decode(records.get(0).value());
            assertThat(published.remove()).isEqualTo(Map.of(Models.GROUP, List.of(0, 1, 2, 3)));

            JsonNode recommended = json(service, api + "/recommendations");
            assertThat(recommended).hasSize(1);
            assertThat(recommended.get(0).get("id").asText()).isEqualTo(published.id());
            assertThat(json(service, api + "/readiness").get(0).get("ready").asBoolean())
                    .isTrue();
            JsonNode models = json(service, "/api/models");
            assertThat(models.get(0).get("model").asText()).isEqualTo(Models.MODEL);
            assertThat(json(service, api + "/versions").get(0).get("macs").asLong())
                    .isEqualTo(800);
            JsonNode layer = json(service, api + "/versions/1/layers").get(0);
            assertThat(layer.get("samples").asLong()).isEqualTo(1200);
            assertThat(json(service, api + "/versions/1/layers/" + Models.POINT).get("score"))
                    .hasSize(Models.UNITS);
            JsonNode drift = json(service, api + "/drift").get(0);
            assertThat(drift.get("recommendation").asText()).isEqualTo(published.id());
            assertThat(drift.get("capture_points").get(0).get("changed_units").asInt())
                    .isZero();
            assertThat(json(service, api + "/versions/1/drift")).hasSize(1);
            assertThat(json(service, api + "/regrets")).isEmpty();
            assertThat(planned(service, api).get("recommendation").get("id").asText())
                    .as("a dry run of the same policy on the same scores")
                    .isEqualTo(published.id());
        }
        try (StreamsService restarted = start()) {
            String api = "/api/models/" + Models.MODEL;
            await().atMost(LIMIT)
                    .until(() -> get(restarted, api + "/recommendations").statusCode() == 200);
            assertThat(json(restarted, api + "/recommendations")).hasSize(1);
            samples(10);
            client.flush();
            assertThat(client.read(installation.topics.recommendations(), Duration.ofSeconds(5), read -> false))
                    .as("recommendations after a restart and more samples")
                    .hasSize(1);
        }
    }

    @Test
    void whatIsNotThereIsAnsweredWithOneLineOfJson() throws Exception {
        try (StreamsService service = start()) {
            for (String path : List.of("/api/models/none/readiness", "/nowhere")) {
                HttpResponse<String> answer = get(service, path);
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(Json.mapper().readTree(answer.body()).get("error").asText())
                        .isNotBlank();
            }
            assertThat(get(service, "/api/models").body()).isEqualTo("[]");
        }
    }

    private StreamsService start() {
        Map<String, String> settings = installation.settings();
        settings.putAll(settings());
        StreamsService service = new StreamsService(StreamsSettings.of(settings));
        service.start();
        await().atMost(LIMIT).until(() -> get(service, "/health/ready").statusCode() == 200);
        return service;
    }

    private void send(ActivationBatch batch) {
        byte[] key = RandomTraffic.key(batch).toString().getBytes(UTF_8);
        client.send(installation.topics.activations(), Instant.now().toEpochMilli(), key, batch.toByteArray());
    }

    /** Samples of the small model in which unit u fires in a share of u / 16. */
    private void samples(int count) {
        BatchBuilder builder =
                new BatchBuilder(new ShardKey(Models.MODEL, "1", Models.POINT, 0), Models.UNITS, 4, "test");
        for (int sample = 0; sample < count; sample++) {
            float[] values = new float[Models.UNITS * 4];
            for (int bit = 0; bit < values.length; bit++) {
                values[bit] = sample % 16 < bit / 4 ? 1 : -1;
            }
            builder.add(values, 0);
            if (builder.samples() == 10) {
                send(builder.build());
            }
        }
    }

    private JsonNode json(StreamsService service, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(service, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private JsonNode planned(StreamsService service, String api) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + service.port() + api + "/plan");
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body()).get(0);
    }

    private HttpResponse<String> get(StreamsService service, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
