package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.topology.ContenderSettings.Kind;
import io.espalier.protocol.Topics;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.store.StateBudget;
import io.espalier.streams.topology.OverlapTopology;
import io.espalier.streams.topology.WindowSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** A topology in Kafka Streams, with the client properties of our service. */
final class StreamsContender implements Contender {
    private final KafkaStreams streams;
    private final MeterRegistry registry;
    private volatile long startedNanos;
    private volatile long runningAfterMs = -1;

    private StreamsContender(KafkaStreams streams, MeterRegistry registry) {
        this.streams = streams;
        this.registry = registry;
    }

    /** Of any kind but a {@linkplain Kind#isBareLoop bare loop}. */
    static StreamsContender of(ContenderSettings contender) {
        StreamsSettings settings = contender.streams();
        ClientProperties clients = new ClientProperties(settings);
        MeterRegistry registry = new SimpleMeterRegistry();
        DeadLetterMeters deadLetters = new DeadLetterMeters(registry);
        Topology topology = contender.kind() == Kind.ESPALIER
                ? espalier(settings, clients, registry, deadLetters)
                : obvious(settings, clients, contender.kind() == Kind.OBVIOUS);
        Properties properties = clients.streams(settings.applicationId() + "-overlap", deadLetters::refused);
        if (contender.kind() == Kind.OBVIOUS_UNCACHED) {
            properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        }
        KafkaStreams streams = new KafkaStreams(topology, properties);
        return new StreamsContender(streams, registry);
    }

    private static Topology espalier(
            StreamsSettings settings, ClientProperties clients, MeterRegistry registry, DeadLetterMeters deadLetters) {
        return new OverlapTopology(
                        new Topics(settings.topics().prefix()),
                        new WindowSettings(
                                settings.window().pane(),
                                settings.window().panes(),
                                settings.window().grace(),
                                settings.window().retention(),
                                settings.publishInterval(),
                                settings.topics().maxMessageBytes()),
                        new StateBudget(settings.stateMaxBytes()),
                        clients.changelog(),
                        new ActivationMeters(registry),
                        deadLetters)
                .get();
    }

    private static Topology obvious(StreamsSettings settings, ClientProperties clients, boolean scored) {
        return new ObviousTopology(
                        new Topics(settings.topics().prefix()),
                        settings.window().pane(),
                        settings.window().panes(),
                        clients.changelog(),
                        scored)
                .get();
    }

    @Override
    public void start() {
        startedNanos = System.nanoTime();
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING && runningAfterMs < 0) {
                runningAfterMs = (System.nanoTime() - startedNanos) / 1_000_000;
            }
        });
        streams.start();
    }

    @Override
    public long records() {
        return sum(name ->
                name.group().equals("stream-thread-metrics") && name.name().equals("process-total"));
    }

    @Override
    public long changelogBytes() {
        return sum(name -> name.group().equals("producer-topic-metrics")
                && name.name().equals("byte-total")
                && name.tags().get("topic").endsWith("-changelog"));
    }

    private long sum(Predicate<MetricName> wanted) {
        return (long) streams.metrics().entrySet().stream()
                .filter(metric -> wanted.test(metric.getKey()))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue())
                .sum();
    }

    @Override
    public long runningAfterMs() {
        return runningAfterMs;
    }

    @Override
    public long refused() {
        return (long) registry.find(DeadLetterMeters.DEAD_LETTERS).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public void close() {
        // As our service does: the next one would else wait until the group has noticed.
        streams.close(CloseOptions.timeout(Duration.ofSeconds(30))
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }
}
