package io.espalier.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.broker.EmbeddedBroker;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.settings.KafkaProperties;
import io.espalier.sidecar.Descriptors;
import io.espalier.sidecar.KafkaTopics;
import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.kafka.KafkaClients;
import io.espalier.sidecar.metrics.DirectiveMetrics;
import io.espalier.sidecar.sampling.SamplingRates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlFollowerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOPIC = "control";

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SamplingRates rates =
            new SamplingRates(Descriptors.withPoints(new CapturePoint("relu", "g", 3, 1)), 1);

    @Test
    void itWaitsForTheTopicAndFollowsIt() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                ControlFollower follower = follower(broker.bootstrapServers())) {
            follower.start();
            TimeUnit.SECONDS.sleep(2);
            KafkaTopics topics = new KafkaTopics(broker.bootstrapServers());
            assertThat(topics.names()).as("it does not make the topic").doesNotContain(TOPIC);
            topics.create(TOPIC);
            new KafkaTopics(broker.bootstrapServers()).send(TOPIC, "model@2", directive("2", 0.75));
            new KafkaTopics(broker.bootstrapServers()).send(TOPIC, "model@1", directive("1", 0.5));
            awaitRate(0.5);
            new KafkaTopics(broker.bootstrapServers()).send(TOPIC, "model@1", new byte[] {1, 2, 3});
            Awaitility.await().atMost(PATIENCE).until(() -> count("refused") == 1);
            assertThat(rate()).isEqualTo(0.5);
            new KafkaTopics(broker.bootstrapServers()).send(TOPIC, "model@1", directive("1", 0.25));
            awaitRate(0.25);
        }
        assertThat(rate()).as("once it is closed").isEqualTo(1);
    }

    @Test
    void whatWasSaidBeforeItStartedHoldsAndWhatWasTakenBackDoesNot() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            new KafkaTopics(broker.bootstrapServers()).create(TOPIC);
            new KafkaTopics(broker.bootstrapServers()).send(TOPIC, "model@1", directive("1", 0.5));
            try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "streams"),
                    new StringSerializer(),
                    new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, "model@1", directive("1", 0.125)))
                        .get();
                producer.abortTransaction();
            }
            try (ControlFollower follower = follower(broker.bootstrapServers())) {
                follower.start();
                awaitRate(0.5);
                new KafkaTopics(broker.bootstrapServers()).send(TOPIC, "model@1", directive("1", 0.25));
                awaitRate(0.25);
                // Counted once it is followed; a reconnect reads all of them again.
                Awaitility.await().atMost(PATIENCE).until(() -> count("applied") >= 2);
            }
        }
    }

    @Test
    void aBrokerThatGoesAwayLeavesTheLastDirectiveInForceAndIsFollowedWhenItComesBack() throws Exception {
        int port = freePort();
        String servers = "127.0.0.1:" + port;
        try (ControlFollower follower = follower(servers)) {
            follower.start();
            TimeUnit.SECONDS.sleep(2);
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, port)) {
                new KafkaTopics(broker.bootstrapServers()).create(TOPIC);
                new KafkaTopics(servers).send(TOPIC, "model@1", directive("1", 0.5));
                awaitRate(0.5);
            }
            TimeUnit.SECONDS.sleep(3);
            assertThat(rate()).isEqualTo(0.5);
            try (EmbeddedBroker back = EmbeddedBroker.start(folder, port)) {
                new KafkaTopics(back.bootstrapServers()).send(TOPIC, "model@1", directive("1", 0.25));
                awaitRate(0.25);
            }
        }
    }

    @Test
    void itClosesSoonWithoutABroker() throws Exception {
        ControlFollower follower = follower("127.0.0.1:" + freePort());
        follower.start();
        TimeUnit.SECONDS.sleep(1);
        long start = System.nanoTime();
        follower.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("espalier-control"));
    }

    private ControlFollower follower(String servers) {
        Complaints complaints = new Complaints(servers);
        Directives directives = new Directives(
                new VersionKey("model", "1"),
                Duration.ofMinutes(15),
                rates,
                new DirectiveMetrics(registry),
                complaints);
        KafkaClients clients = new KafkaClients(new KafkaProperties(Map.of("bootstrap.servers", servers)));
        return new ControlFollower(clients, TOPIC, directives, complaints);
    }

    private static byte[] directive(String version, double share) {
        return Codecs.SAMPLING_DIRECTIVE.encode(new SamplingDirective("model", version, Map.of("relu", share)));
    }

    private void awaitRate(double rate) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rate()).isEqualTo(rate));
    }

    private double rate() {
        return rates.current().rate(0);
    }

    private double count(String outcome) {
        return registry.get("espalier.directives")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
