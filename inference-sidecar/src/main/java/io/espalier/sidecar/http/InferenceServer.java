package io.espalier.sidecar.http;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.Tensor;
import io.espalier.settings.SettingsException;
import io.espalier.sidecar.metrics.RequestMetrics;
import io.espalier.sidecar.settings.SidecarSettings;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side of one served model, and its metrics. {@link #close} lets requests under way come to their end. */
public final class InferenceServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceServer.class);
    // Jetty's own: one that accepts, one or two that select.
    private static final int JETTY_THREADS = 4;

    private final SidecarSettings.Http settings;
    private final Duration shutdown;
    private final ResponseWriter writer;
    private final PrometheusMeterRegistry registry;
    private final InferenceHandler inference;
    private final VersionKey model;
    private final Javalin server;
    private volatile boolean ready;

    /**
     * @param example the model's outputs for one input, whose shapes are shown to clients
     * @param inference answers requests
     */
    public InferenceServer(
            SidecarSettings settings,
            ModelDescriptor model,
            List<Tensor> example,
            Inference inference,
            PrometheusMeterRegistry registry) {
        ModelSignature signature = new ModelSignature(model.inputs(), example);
        this.settings = settings.http();
        this.shutdown = settings.shutdown();
        this.model = model.key();
        this.registry = registry;
        this.writer = new ResponseWriter(model.key(), signature);
        this.inference = new InferenceHandler(signature, inference, writer, new RequestMetrics(registry));
        this.server = Javalin.create(this::configure);
    }

    /** Outputs of the model for inputs of {@code rows} rows. */
    public interface Inference {
        List<Tensor> infer(List<Tensor> inputs, int rows);
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.http.maxRequestSize = settings.maxBodyBytes();
        config.http.defaultContentType = "application/json";
        config.jetty.host = settings.host();
        config.jetty.port = settings.port();
        config.jetty.threadPool = new QueuedThreadPool(settings.threads() + JETTY_THREADS);
        config.jetty.modifyServer(jetty -> jetty.setStopTimeout(shutdown.toMillis()));
        config.routes.get("/v2", context -> context.result(writer.serverMetadata()));
        config.routes.get("/v2/health/live", context -> context.result(writer.flags(Map.of("live", true))));
        config.routes.get("/v2/health/ready", this::ready);
        for (String path : List.of("/v2/models/{name}", "/v2/models/{name}/versions/{version}")) {
            config.routes.get(path, forModel(context -> context.result(writer.modelMetadata())));
            config.routes.get(path + "/ready", forModel(this::modelReady));
            config.routes.post(path + "/infer", context -> inference.handle(context, () -> requireModel(context)));
        }
        config.routes.get(
                "/metrics",
                context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(registry.scrape()));
        config.routes.exception(
                RejectedRequestException.class, (e, context) -> error(context, e.status(), e.getMessage()));
        config.routes.exception(
                HttpResponseException.class, (e, context) -> error(context, e.getStatus(), e.getMessage()));
        config.routes.exception(Exception.class, this::failed);
    }

    private void ready(Context context) {
        context.status(ready ? 200 : 503).result(writer.flags(Map.of("ready", ready)));
    }

    private void modelReady(Context context) {
        context.status(ready ? 200 : 503).result(writer.modelReady(ready));
    }

    private Handler forModel(Handler handler) {
        return context -> {
            requireModel(context);
            handler.handle(context);
        };
    }

    private void requireModel(Context context) {
        String name = context.pathParam("name");
        String version = context.pathParamMap().getOrDefault("version", model.version());
        if (!name.equals(model.model()) || !version.equals(model.version())) {
            throw new RejectedRequestException(
                    404, "model '" + name + "' version '" + version + "' is not served here, " + model + " is");
        }
    }

    private void error(Context context, int status, String message) {
        context.status(status).result(writer.error(message));
    }

    private void failed(Exception e, Context context) {
        LOG.error("{} {} failed", context.method(), context.path(), e);
        error(context, 500, "the request failed here: see the sidecar's log");
    }

    /** Throws {@link SettingsException} when the port is taken. */
    public void start() {
        try {
            server.start();
        } catch (RuntimeException e) {
            throw new SettingsException("http " + settings.host() + ":" + settings.port() + " cannot be listened on ("
                    + e.getMessage() + "): set espalier.http.host and espalier.http.port to an address that is free");
        }
        ready = true;
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        ready = false;
        try {
            server.stop();
        } catch (RuntimeException e) {
            LOG.warn("Requests that took longer than {} were cut off by the shutdown", shutdown);
            stopHard();
        }
    }

    /** Jetty leaves its threads running when its patience is over; asked again without any, it ends them. */
    private void stopHard() {
        Server jetty = server.jettyServer().server();
        jetty.setStopTimeout(0);
        try {
            jetty.stop();
        } catch (Exception e) {
            LOG.warn("The HTTP server did not stop in order: {}", e.toString());
        }
    }
}
