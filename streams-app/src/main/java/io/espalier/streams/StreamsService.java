package io.espalier.streams;

import io.espalier.planner.drift.DriftDetector;
import io.espalier.protocol.Topics;
import io.espalier.streams.compressor.Compressor;
import io.espalier.streams.http.HttpApi;
import io.espalier.streams.kafka.ApplicationIds;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.kafka.Cluster;
import io.espalier.streams.kafka.InternalTopics;
import io.espalier.streams.kafka.TopicPlan;
import io.espalier.streams.kafka.TopicWatch;
import io.espalier.streams.metrics.ActivationMeters;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.JvmMeters;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.metrics.StateMeters;
import io.espalier.streams.metrics.StreamMeters;
import io.espalier.streams.metrics.ThreadMeters;
import io.espalier.streams.query.ActiveStores;
import io.espalier.streams.query.ModelPartitions;
import io.espalier.streams.query.ModelQueries;
import io.espalier.streams.query.StoreQueries;
import io.espalier.streams.query.StreamsInstances;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.store.StateBudget;
import io.espalier.streams.topology.OverlapTopology;
import io.espalier.streams.topology.PlanningSettings;
import io.espalier.streams.topology.PlanningTopology;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
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
    private final TopicWatch topicWatch;
    private final StreamsApplications applications;
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
        PlanningSettings plan = TopologySettings.planning(settings);
        Topology planningTopology = new PlanningTopology(topics, plan, clients.changelog(), models, deadLetters).get();
        ids = new ApplicationIds(settings.applicationId());
        internalTopics = List.of(
                new InternalTopics(ids.overlap(), overlapTopology),
                new InternalTopics(ids.planning(), planningTopology));
        Optional<HostInfo> server = ApplicationServer.of(settings);
        Properties planningClients = clients.streams(ids.planning(), deadLetters::refused);
        server.ifPresent(address ->
                planningClients.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address.host() + ":" + address.port()));
        applications = new StreamsApplications(new ThreadMeters(registry), reason -> failed.accept(reason));
        KafkaStreams overlap = applications.add(overlapTopology, clients.streams(ids.overlap(), deadLetters::refused));
        KafkaStreams planning = applications.add(planningTopology, planningClients);
        StreamMeters.bind(registry, this::isRunning, overlap::metrics, topics.activations());
        StreamMeters.bindRestore(registry, List.of(overlap::metrics, planning::metrics));
        jvm = JvmMeters.bind(registry);
        compressor = settings.compressor().enabled()
                ? Optional.of(ConfiguredCompressor.of(settings, clients, models.versions(), deadLetters))
                : Optional.empty();
        cluster = new Cluster(clients);
        topicWatch = new TopicWatch(
                cluster, new TopicPlan(settings.topics()), internalTopics, reason -> failed.accept(reason));
        ActiveStores stores = new ActiveStores(planning);
        ModelPartitions partitions = new ModelPartitions(
                () -> cluster.partitions(PlanningTopology.inputsTopic(ids.planning()), LOOK_UP_LIMIT));
        queries = new StoreQueries(stores, partitions, new DriftDetector(plan.drift(), plan.pane()), plan.policies());
        http = new HttpApi(
                queries,
                new StreamsInstances(planning, stores, partitions, server),
                new StreamsHealth(applications.all(), cluster),
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
        applications.start();
        topicWatch.start();
        compressor.ifPresent(Compressor::start);
    }

    /** Whether both topologies run, with all their state. */
    public boolean isRunning() {
        return applications.areRunning();
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
        topicWatch.close();
        applications.close(end);
        compressor.ifPresent(running -> running.close(StreamsApplications.until(end)));
        cluster.close();
        jvm.close();
    }
}
