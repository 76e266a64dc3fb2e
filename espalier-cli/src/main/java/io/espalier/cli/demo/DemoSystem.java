package io.espalier.cli.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.broker.EmbeddedBroker;
import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Readiness;
import io.espalier.sidecar.SidecarService;
import io.espalier.sidecar.settings.SidecarSettings;
import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A broker, the streams service and the sidecar in this process, and a watcher over their topics. Owns all of them until
 * {@link #close}.
 */
final class DemoSystem implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    private final Pages pages = new Pages();
    private final JsonMapper json = Json.mapper();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private EmbeddedBroker broker;
    private StreamsService streams;
    private SidecarService sidecar;
    private Observed observed;
    private Watcher watcher;

    private DemoSystem() {}

    /**
     * Starts everything; returns when samples flow.
     *
     * @param models where the compressor leaves smaller versions
     */
    static DemoSystem start(DemoSettings settings, Workplace place, Path models, PrintWriter out)
            throws IOException, InterruptedException {
        DemoSystem system = new DemoSystem();
        try {
            system.startParts(settings, place, models, out);
            return system;
        } catch (IOException | InterruptedException | RuntimeException e) {
            system.close();
            throw e;
        }
    }

    private void startParts(DemoSettings settings, Workplace place, Path models, PrintWriter out)
            throws IOException, InterruptedException {
        say(out, "starting a Kafka broker");
        broker = started(EmbeddedBroker.start(place.scratch().resolve("kafka"), 0));
        say(out, "starting the streams service");
        streams = started(new StreamsService(
                StreamsSettings.of(ServiceSettings.streams(broker.bootstrapServers(), settings, place, models))));
        streams.start();
        say(out, "starting the sidecar with " + DemoFiles.MODEL_NAME);
        sidecar = started(new SidecarService(
                SidecarSettings.of(ServiceSettings.sidecar(broker.bootstrapServers(), settings, place.results()))));
        sidecar.start();
        if (!sidecar.awaitRegistered(PATIENCE)) {
            throw new IllegalStateException("the model could not be registered within " + PATIENCE.toSeconds() + " s");
        }
        ModelDescriptor model = sidecar.descriptor();
        List<ModelDescriptor.CapturePoint> points = model.capturePoints();
        observed = new Observed(
                topics,
                List.of(points.get(0).name(), points.get(points.size() - 1).name()));
        watcher = started(new Watcher(broker.bootstrapServers(), topics, observed));
        out.printf(
                "model    %s: %,d parameters, %,d MACs, %d coupling groups, %d capture points%n",
                model.key(), model.params(), model.macs(), model.groups().size(), points.size());
        out.flush();
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    URI infer() {
        return sidecarPage("/v2/models/" + DemoFiles.MODEL_NAME + "/infer");
    }

    URI api() {
        return streamsPage("/api/models");
    }

    URI sidecarMetrics() {
        return sidecarPage("/metrics");
    }

    URI streamsMetrics() {
        return streamsPage("/metrics");
    }

    ModelDescriptor descriptor() {
        return sidecar.descriptor();
    }

    Observed observed() {
        return observed;
    }

    Watcher watcher() {
        return watcher;
    }

    /** What the planner says of the model; empty while it does not know it. */
    Optional<Readiness> readiness() throws InterruptedException {
        try {
            String body = pages.get(streamsPage("/api/models/" + DemoFiles.MODEL_NAME + "/readiness"));
            return Arrays.stream(json.readValue(body, Readiness[].class))
                    .filter(readiness -> readiness.version().equals(DemoFiles.MODEL_VERSION))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Requests that were sampled so far. */
    long sampledRequests() throws IOException, InterruptedException {
        return (long) Pages.sum(pages.get(sidecarMetrics()), "espalier_sampled_requests_total");
    }

    /** Stops the sidecar; all it sampled is published, or counted as dropped, when this returns. */
    void stopSidecar() {
        sidecar.close();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("the demo did not shut down in order: " + e.getMessage(), e);
            }
        }
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.push(part);
        return part;
    }

    private URI sidecarPage(String path) {
        return URI.create("http://127.0.0.1:" + sidecar.port() + path);
    }

    private URI streamsPage(String path) {
        return URI.create("http://127.0.0.1:" + streams.port() + path);
    }

    private static void say(PrintWriter out, String what) {
        out.println(what);
        out.flush();
    }
}
