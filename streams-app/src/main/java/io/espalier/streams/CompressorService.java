package io.espalier.streams;

import io.espalier.streams.compressor.Compressor;
import io.espalier.streams.http.HttpApi;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.kafka.Cluster;
import io.espalier.streams.kafka.TopicPlan;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.JvmMeters;
import io.espalier.streams.metrics.VersionMeters;
import io.espalier.streams.settings.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.Consumer;

/** The compressor, its health and its metrics; no topology. */
public final class CompressorService implements Service {
    private final StreamsSettings settings;
    private final Cluster cluster;
    private final Compressor compressor;
    private final JvmMeters jvm;
    private final HttpApi http;
    private int port;

    /** Opens no connection that matters before {@link #start}; to be closed even when it was not started. */
    public CompressorService(StreamsSettings settings) {
        this.settings = settings;
        ClientProperties clients = new ClientProperties(settings);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        compressor =
                ConfiguredCompressor.of(settings, clients, new VersionMeters(registry), new DeadLetterMeters(registry));
        cluster = new Cluster(clients);
        jvm = JvmMeters.bind(registry);
        http = HttpApi.withoutModels(new CompressorHealth(compressor, cluster), registry::scrape);
    }

    @Override
    public void start() {
        cluster.prepareTopics(new TopicPlan(settings.topics()), List.of());
        port = http.start(settings.http().host(), settings.http().port());
        compressor.start();
    }

    /** Never: its thread goes on through any failure. */
    @Override
    public void onFailure(Consumer<String> failed) {}

    @Override
    public int port() {
        return port;
    }

    /** Stops in at most the configured time. */
    @Override
    public void close() {
        http.close();
        compressor.close(settings.shutdownTimeout());
        cluster.close();
        jvm.close();
    }
}
