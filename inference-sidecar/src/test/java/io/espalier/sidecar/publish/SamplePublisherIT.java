package io.espalier.sidecar.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.broker.EmbeddedBroker;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.sidecar.Descriptors;
import io.espalier.sidecar.Fixtures;
import io.espalier.sidecar.KafkaTopics;
import io.espalier.sidecar.kafka.KafkaClients;
import io.espalier.sidecar.metrics.InputMetrics;
import io.espalier.sidecar.metrics.SampleMetrics;
import io.espalier.sidecar.sampling.SampleQueue;
import io.espalier.sidecar.sampling.SamplingRates;
import io.espalier.sidecar.settings.SidecarSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplePublisherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ModelDescriptor MODEL =
            Descriptors.withPoints(new CapturePoint("first", "g", 64, 64), new CapturePoint("second", "h", 3, 1));

    private static final BitSet BOTH = BitSet.valueOf(new long[] {0b11});

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SampleQueue queue = new SampleQueue(10_000);
    private final SamplingRates rates = new SamplingRates(MODEL, 1);

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void closingSendsWhatIsStillInTheQueue() throws Exception {
        int samples = 5_003;
        fill(samples, 1);
        try (SamplePublisher publisher = publisher("drain.", 16, Duration.ofMinutes(1))) {
            publisher.start();
            assertThat(publisher.awaitRegistered(PATIENCE)).isTrue();
        }
        assertThat(published()).isEqualTo(samples);
        assertThat(dropped("publish_failed")).isZero();
        assertThat(samplesOnTopic("drain.", "first")).isEqualTo(samples);
        assertThat(samplesOnTopic("drain.", "second")).isEqualTo(samples);
        assertThat(queue.size()).isZero();
    }

    @Test
    void aBatchThatDoesNotFillIsSentAfterItsLinger() throws Exception {
        try (SamplePublisher publisher = publisher("linger.", 1000, Duration.ofMillis(700))) {
            publisher.start();
            assertThat(publisher.awaitRegistered(PATIENCE)).isTrue();
            fill(3, 1);
            long start = System.nanoTime();
            Awaitility.await().atMost(PATIENCE).until(() -> published() == 3);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
        }
        assertThat(new KafkaTopics(broker.bootstrapServers()).records("linger.activations"))
                .hasSize(2);
    }

    @Test
    void whereLessIsWantedSamplesWaitLongerForEachOtherAndAreCountedOnceAllOfThemAreThere() throws Exception {
        rates.direct(Map.of("second", 0.125));
        try (SamplePublisher publisher = publisher("low.", 1000, Duration.ofMillis(500))) {
            publisher.start();
            assertThat(publisher.awaitRegistered(PATIENCE)).isTrue();
            long start = System.currentTimeMillis();
            fill(3, 1);
            Awaitility.await().atMost(PATIENCE).until(() -> published() > 0);
            assertThat(samplesOnTopic("low.", "second")).isPositive();
            Awaitility.await().atMost(PATIENCE).until(() -> published() == 3);
            // Of when they were sent the records tell, however late anybody looks: after 0.5 s, and after 4 s.
            assertThat(sentMs("low.", "second") - start).isGreaterThan(3900);
            assertThat(sentMs("low.", "first")).isLessThan(sentMs("low.", "second"));
        }
    }

    @Test
    void samplesThatAreNotFiniteAreCountedAndTheOthersGo() throws Exception {
        fill(4, Float.POSITIVE_INFINITY);
        fill(6, 1);
        try (SamplePublisher publisher = publisher("finite.", 3, Duration.ofMillis(100))) {
            publisher.start();
            assertThat(publisher.awaitRegistered(PATIENCE)).isTrue();
        }
        assertThat(dropped("non_finite")).isEqualTo(4);
        assertThat(published()).isEqualTo(6);
    }

    @Test
    void whatWasNeverRegisteredIsCountedAtClose() {
        fill(7, 1);
        SamplePublisher publisher = unstarted("never.", 3, Duration.ofSeconds(1));
        publisher.start();
        publisher.close();
        assertThat(dropped("publish_failed")).isEqualTo(7);
    }

    private void fill(int samples, float value) {
        float[] first = new float[64 * 64];
        first[5] = value;
        for (int i = 0; i < samples; i++) {
            assertThat(queue.offer(List.of(first, new float[3]), 1, BOTH)).isTrue();
        }
    }

    private SamplePublisher publisher(String prefix, int batch, Duration linger) throws Exception {
        new KafkaTopics(broker.bootstrapServers()).create(prefix + "models", prefix + "activations");
        return unstarted(prefix, batch, linger);
    }

    private SamplePublisher unstarted(String prefix, int batch, Duration linger) {
        SidecarSettings settings = SidecarSettings.of(Map.of(
                "espalier.kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "espalier.topics.prefix",
                prefix,
                "espalier.model.path",
                Fixtures.MODEL.toString(),
                "espalier.model.name",
                "model",
                "espalier.model.input-shape",
                "1,2",
                "espalier.batch.samples",
                Integer.toString(batch),
                "espalier.batch.linger",
                linger.toString(),
                "espalier.publisher.id",
                "publisher",
                "espalier.shutdown.timeout",
                "PT20S"));
        return new SamplePublisher(
                settings,
                new KafkaClients(settings.kafka()),
                MODEL,
                queue,
                rates,
                Optional.empty(),
                new SampleMetrics(registry),
                new InputMetrics(registry));
    }

    private double published() {
        return registry.get("espalier.samples.published").counter().count();
    }

    private double dropped(String reason) {
        return registry.get("espalier.samples.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    /** When the first batch of a capture point was sent; a slow machine may make several. */
    private static long sentMs(String prefix, String capturePoint) {
        return new KafkaTopics(broker.bootstrapServers())
                .records(prefix + "activations").stream()
                        .filter(message -> Codecs.ACTIVATION_BATCH
                                .decode(message.value())
                                .getCapturePoint()
                                .equals(capturePoint))
                        .mapToLong(ConsumerRecord::timestamp)
                        .min()
                        .orElseThrow();
    }

    private static int samplesOnTopic(String prefix, String capturePoint) {
        return new KafkaTopics(broker.bootstrapServers())
                .records(prefix + "activations").stream()
                        .map(message -> Codecs.ACTIVATION_BATCH.decode(message.value()))
                        .filter(batch -> batch.getCapturePoint().equals(capturePoint))
                        .mapToInt(ActivationBatch::getSamples)
                        .sum();
    }
}
