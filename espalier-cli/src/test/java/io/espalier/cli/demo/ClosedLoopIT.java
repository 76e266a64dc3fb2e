package io.espalier.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.broker.EmbeddedBroker;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.sidecar.SidecarService;
import io.espalier.sidecar.settings.SidecarSettings;
import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import io.micrometer.core.instrument.Gauge;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model served twice, to the same images, beside one streams service: one sidecar follows its directives and the other
 * does not.
 */
final class ClosedLoopIT {
    private static final Logger LOG = LoggerFactory.getLogger(ClosedLoopIT.class);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration WINDOW = Duration.ofMinutes(2);
    /** What a slow machine keeps; what is expected follows from what was answered in the end. */
    private static final int PER_SECOND = 15;

    private static final String DIRECTED = "directed";
    private static final String UNIFORM = "uniform";

    @TempDir
    private Path folder;

    private final Pages pages = new Pages();

    @Test
    void sampledBytesDropOnceTheCutIsDecidedAndThePlanStaysThatOfAllSamples() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                StreamsService streams = new StreamsService(StreamsSettings.of(streams(broker)));
                SidecarService directed = new SidecarService(SidecarSettings.of(sidecar(broker, DIRECTED, true)));
                SidecarService uniform = new SidecarService(SidecarSettings.of(sidecar(broker, UNIFORM, false)))) {
            streams.start();
            directed.start();
            uniform.start();
            Images images = Images.read(DemoFiles.trainingImages(folder));
            try (Traffic toDirected = new Traffic(infer(directed, DIRECTED), images, Long.MAX_VALUE);
                    Traffic toUniform = new Traffic(infer(uniform, UNIFORM), images, Long.MAX_VALUE)) {
                toDirected.start(PER_SECOND);
                toUniform.start(PER_SECOND);
                await().atMost(LIMIT).until(() -> highestRate(directed) < 1);
                assertThat(plans(broker)).as("not before there is a plan").containsKey(DIRECTED);
                double directedBefore = bytes(directed) / toDirected.answered();
                double directedBytes = bytes(directed);
                double uniformBytes = bytes(uniform);
                long answeredDirected = toDirected.answered();
                long answeredUniform = toUniform.answered();
                long start = System.nanoTime();
                // The floor, until the window has been filling for a third of its time, and then what keeps the plan
                // decided.
                TimeUnit.SECONDS.sleep(2 * WINDOW.toSeconds() / 3);
                double share = (bytes(directed) - directedBytes)
                        / (bytes(uniform) - uniformBytes)
                        * (toUniform.answered() - answeredUniform)
                        / (toDirected.answered() - answeredDirected);
                double perSecond = (toDirected.answered() - answeredDirected) * 1e9 / (System.nanoTime() - start);
                Readiness readiness = readiness(streams);
                double lasting = lasting(readiness, perSecond);
                LOG.info(
                        "{} bytes a request before, {} of the bytes of all after; at {} requests a second the highest rate is {},"
                                + " {} by what is needed",
                        directedBefore,
                        share,
                        perSecond,
                        highestRate(directed),
                        lasting);
                // A third more than the highest rate: batches that are not full bring their sums all the same.
                assertThat(share).isLessThan(4 * lasting / 3).isGreaterThan(0);
                // What is needed changes with traffic, and a rate is rounded to a power of two.
                assertThat(highestRate(directed)).as("after the floor").isBetween(lasting / 2, 2 * lasting);
                assertThat(highestRate(uniform)).isEqualTo(1);
                assertThat(readiness.ready()).as(readiness.reason()).isTrue();
            }
            Map<String, Recommendation> plans = plans(broker);
            assertThat(plans.get(DIRECTED).macsAfter())
                    .isLessThanOrEqualTo(plans.get(DIRECTED).macsBefore() / 2);
            Set<String> all = removed(plans.get(UNIFORM));
            Set<String> some = removed(plans.get(DIRECTED));
            Set<String> both = new HashSet<>(all);
            both.retainAll(some);
            LOG.info("{} and {} units go, {} of them in both plans", all.size(), some.size(), both.size());
            // Units whose side is not decided, which the policy allows, are on either.
            assertThat((double) both.size()).isGreaterThan(0.9 * all.size());
        }
    }

    private static double highestRate(SidecarService sidecar) {
        return sidecar.metrics().get("espalier.sampling.rate").gauges().stream()
                .mapToDouble(Gauge::value)
                .max()
                .orElseThrow();
    }

    private static Set<String> removed(Recommendation plan) {
        return plan.remove().entrySet().stream()
                .flatMap(group -> group.getValue().stream().map(unit -> group.getKey() + " " + unit))
                .collect(Collectors.toSet());
    }

    /** The rate at which the window keeps 1.5 times what the most wanting capture point needs, as a power of two. */
    private static double lasting(Readiness readiness, double perSecond) {
        long needed = readiness.capturePoints().stream()
                .mapToLong(Readiness.Point::needed)
                .max()
                .orElseThrow();
        double rate = 1.5 * needed / (perSecond * WINDOW.toSeconds());
        return Math.pow(2, Math.ceil(Math.log(rate) / Math.log(2)));
    }

    private Readiness readiness(StreamsService streams) throws Exception {
        URI page = URI.create("http://127.0.0.1:" + streams.port() + "/api/models/" + DIRECTED + "/readiness");
        return Json.mapper().readValue(pages.get(page), Readiness[].class)[0];
    }

    private static double bytes(SidecarService sidecar) {
        return sidecar.metrics().get("espalier.published").counter().count();
    }

    private static Map<String, Recommendation> plans(EmbeddedBroker broker) {
        Map<String, Recommendation> plans = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition("espalier.recommendations", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(record -> plans.put(record.key(), Codecs.RECOMMENDATION.decode(record.value())));
            }
        }
        return plans;
    }

    private static URI infer(SidecarService sidecar, String model) {
        return URI.create("http://127.0.0.1:" + sidecar.port() + "/v2/models/" + model + "/infer");
    }

    private Map<String, String> streams(EmbeddedBroker broker) {
        return Map.ofEntries(
                Map.entry("espalier.kafka.bootstrap.servers", broker.bootstrapServers()),
                Map.entry("espalier.state.dir", folder.resolve("state").toString()),
                Map.entry("espalier.artifacts.dir", folder.resolve("models").toString()),
                Map.entry("espalier.http.host", "127.0.0.1"),
                Map.entry("espalier.http.port", "0"),
                Map.entry("espalier.topics.partitions", "1"),
                Map.entry("espalier.window.pane", "PT2S"),
                Map.entry("espalier.window.panes", "60"),
                Map.entry("espalier.plan.cool-down", "PT10S"),
                Map.entry("espalier.control.enabled", "true"),
                Map.entry("espalier.control.interval", "PT2S"),
                Map.entry("espalier.policy.min-samples", "150"),
                Map.entry("espalier.policy.criterion", "expressiveness"),
                Map.entry("espalier.policy.confidence", "0.8"),
                Map.entry("espalier.policy.max-undecided", "0.3"),
                Map.entry("espalier.compressor.enabled", "false"));
    }

    private Map<String, String> sidecar(EmbeddedBroker broker, String name, boolean follows) throws Exception {
        return Map.of(
                "espalier.kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "espalier.model.path",
                DemoFiles.model(folder).toString(),
                "espalier.model.name",
                name,
                "espalier.model.input-shape",
                DemoFiles.INPUT_SHAPE,
                "espalier.http.host",
                "127.0.0.1",
                "espalier.http.port",
                "0",
                "espalier.sampling.rate",
                "1",
                "espalier.control.enabled",
                String.valueOf(follows),
                "espalier.batch.max-linger",
                "PT4S");
    }
}
