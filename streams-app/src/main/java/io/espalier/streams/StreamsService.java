package io.espalier.streams;

import io.espalier.protocol.Topics;
import io.espalier.streams.compressor.Compressor;
import io.espalier.streams.http.HttpApi;
import io.espalier.streams.kafka.ApplicationIds;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.kafka.Cluster;
import io.espalier.streams.kafka.InternalTopics;
import io.espalier.streams.kafka.ThreadReplacement;
import io.espalier.streams.kafka.TopicPlan;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.JvmMeters;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.metrics.StateMeters;
import io.espalier.streams.metrics.StreamMeters;
import io.espalier.streams.query.ActiveStores;
import io.espalier.streams.query.ModelPartitions;
import io.espalier.streams.query.ModelQueries;
import io.espalier.streams.query.StoreQueries;
import io.espalier.streams.query.StreamsInstances;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.store.StateBudget;
import io.espalier.streams.topology.OverlapTopology;
import io.espalier.streams.topology.PlanningTopology;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The whole application in one object: topics, both topologies, compressor, HTTP and metrics.
 *
 * <p>Counting and planning are two Kafka Streams applications that meet in the expressiveness topic: planning can be
 * reset, can lag or can fail without a sample being counted late, and it reads what any other consumer reads.
 */
public final class StreamsService implements Service {
    private static final Duration LOOK_UP_LIMIT = Duration.ofSeconds(5);

    private final StreamsSettings settings;
    private final ApplicationIds ids;
    private final List<InternalTopics> internalTopics;
    private final Cluster cluster;
    private final KafkaStreams overlap;
    private final KafkaStreams planning;
    private final ModelQueries queries;
    private final HttpApi http;
    private final JvmMeters jvm;
    private final Optional<Compressor> compressor;
    private volatile Consumer<String> failed = reason -> {};
    private int port;

    /** Opens no connection that matters before {@link #start}; to be closed even when it was not started. */
    public StreamsService(StreamsSettings settings) {
        this.settings = settings;
        ClientProperties clients = new ClientProperties(settings);
        Topics topics = new Topics(settings.topics().prefix());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ModelMeters models = ModelMeters.of(registry);
        DeadLetterMeters deadLetters = new DeadLetterMeters(registry);

        StateBudget budget = new StateBudget(settings.stateMaxBytes());
        StateMeters.bind(registry, budget);
        Topology overlapTopology = new OverlapTopology(
                        topics,
                        TopologySettings.window(settings),
                        budget,
                        clients.changelog(),
                        new ActivationMeters(registry),
                        deadLetters)
                .get();
        Topology planningTopology = new PlanningTopology(
                        topics, TopologySettings.planning(settings), clients.changelog(), models, deadLetters)
                .get();
        ids = new ApplicationIds(settings.applicationId());
        internalTopics = List.of(
                new InternalTopics(ids.overlap(), overlapTopology),
                new InternalTopics(ids.planning(), planningTopology));
        Optional<HostInfo> server = ApplicationServer.of(settings);
        Properties planningClients = clients.streams(ids.planning(), deadLetters::refused);
        server.ifPresent(address ->
                planningClients.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address.host() + ":" + address.port()));
        overlap = streams(overlapTopology, clients.streams(ids.overlap(), deadLetters::refused));
        planning = streams(planningTopology, planningClients);
        StreamMeters.bind(registry, this::isRunning, overlap::metrics, topics.activations());
        jvm = JvmMeters.bind(registry);
        compressor = settings.compressor().enabled()
                ? Optional.of(ConfiguredCompressor.of(settings, clients, models.versions(), deadLetters))
                : Optional.empty();
        cluster = new Cluster(clients);
        ActiveStores stores = new ActiveStores(planning);
        ModelPartitions partitions = new ModelPartitions(
                () -> cluster.partitions(PlanningTopology.inputsTopic(ids.planning()), LOOK_UP_LIMIT));
        queries = new StoreQueries(stores, partitions);
        http = new HttpApi(
                queries,
                new StreamsInstances(planning, stores, partitions, server),
                new StreamsHealth(streams(), cluster),
                registry::scrape);
    }

    /**
     * Makes missing topics and checks the others, starts to listen, and starts the streams; returns before they run.
     *
     * @throws io.espalier.settings.SettingsException when the cluster does not answer, a topic would lose records or
     *     stop the stream, or the port is taken
     */
    @Override
    public void start() {
        cluster.prepareTopics(new TopicPlan(settings.topics()), internalTopics);
        if (settings.groupProtocol() == GroupProtocol.STREAMS) {
            ids.streams().forEach(group -> cluster.setStandbyReplicas(group, settings.standbyReplicas()));
        }
        port = http.start(settings.http().host(), settings.http().port());
        overlap.start();
        planning.start();
        compressor.ifPresent(Compressor::start);
    }

    /** Whether both topologies run, with all their state. */
    public boolean isRunning() {
        return streams().stream().allMatch(part -> part.state() == KafkaStreams.State.RUNNING);
    }

    /** Port of the HTTP API, 0 before the start. */
    @Override
    public int port() {
        return port;
    }

    /** The same answers as over HTTP. */
    public ModelQueries queries() {
        return queries;
    }

    @Override
    public void onFailure(Consumer<String> listener) {
        failed = listener;
    }

    /** Commits what was counted and stops, in at most the configured time. */
    @Override
    public void close() {
        Instant end = Instant.now().plus(settings.shutdownTimeout());
        http.close();
        // Both are told before either is waited for: one that hangs at a broker that is gone would leave the other no
        // time.
        streams().forEach(part -> part.close(leaving(Duration.ZERO)));
        streams().forEach(part -> part.close(leaving(until(end))));
        compressor.ifPresent(running -> running.close(until(end)));
        cluster.close();
        jvm.close();
    }

    /** State is in memory and restored wherever a task goes next: to be waited for would only keep others from it. */
    private static CloseOptions leaving(Duration limit) {
        return CloseOptions.timeout(limit).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
    }

    private static Duration until(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private List<KafkaStreams> streams() {
        return List.of(overlap, planning);
    }

    private KafkaStreams streams(Topology topology, Properties properties) {
        KafkaStreams streams = new KafkaStreams(topology, properties);
        String id = properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
        streams.setUncaughtExceptionHandler(
                new ThreadReplacement(id, Clock.systemUTC(), reason -> failed.accept(reason)));
        streams.setStateListener((state, before) -> {
            if (state == KafkaStreams.State.ERROR) {
                failed.accept(id + " has shut down: the log has the cause");
            }
        });
        return streams;
    }
}
