package io.espalier.streams.http;

import io.espalier.settings.SettingsException;
import io.espalier.streams.query.Instances;
import io.espalier.streams.query.ModelQueries;
import io.espalier.streams.query.UnavailableException;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP face of the application: models as JSON, health, metrics. Nothing is changed by it. */
public final class HttpApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    static final String RETRY_AFTER = "Retry-After";

    /** Long enough for most moves of a task from one instance to another. */
    private static final String RETRY_SECONDS = "2";

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final JsonAnswers json = new JsonAnswers();
    private final Health health;
    private final Supplier<String> metrics;
    private final Javalin server;

    /**
     * Not listening before {@link #start}.
     *
     * @param instances who has which models: what is asked of a model is answered by whoever has it
     * @param metrics gives all metrics in the Prometheus text format
     */
    public HttpApi(ModelQueries queries, Instances instances, Health health, Supplier<String> metrics) {
        this(health, metrics, (json, routes) -> new ModelRoutes(queries, instances, json).register(routes));
    }

    /** Health and metrics alone, for a process that knows of no models. */
    public static HttpApi withoutModels(Health health, Supplier<String> metrics) {
        return new HttpApi(health, metrics, (json, routes) -> {});
    }

    HttpApi(Health health, Supplier<String> metrics, BiConsumer<JsonAnswers, RoutesConfig> more) {
        this.health = health;
        this.metrics = metrics;
        this.server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            more.accept(json, config.routes);
            routes(config.routes);
            errors(config.routes);
        });
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @return the port
     * @throws SettingsException when it is taken, or the host is not one of this machine
     */
    public int start(String host, int port) {
        try {
            server.start(host, port);
            return server.port();
        } catch (RuntimeException e) {
            throw new SettingsException(
                    "nothing can listen on " + host + ":" + port + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + " Set espalier.http.host and espalier.http.port to what is free",
                    e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }

    private void routes(RoutesConfig routes) {
        routes.get("/health/live", context -> health(context, health.dead()));
        routes.get("/health/ready", context -> health(context, health.notReady()));
        routes.get("/metrics", context -> context.contentType(PROMETHEUS_TEXT).result(metrics.get()));
    }

    private void errors(RoutesConfig routes) {
        routes.exception(NotKnownException.class, (e, context) -> problem(context, HttpStatus.NOT_FOUND, e));
        routes.exception(BadRequestException.class, (e, context) -> problem(context, HttpStatus.BAD_REQUEST, e));
        routes.exception(UnavailableException.class, (e, context) -> {
            tryLater(context);
            problem(context, HttpStatus.SERVICE_UNAVAILABLE, e);
        });
        routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            problem(context, HttpStatus.INTERNAL_SERVER_ERROR, new IllegalStateException("failed: see the log"));
        });
        // Not as an error handler of the status: that would run after those above as well, and take their place.
        routes.exception(
                HttpResponseException.class,
                (e, context) -> problem(
                        context,
                        HttpStatus.forStatus(e.getStatus()),
                        new IllegalStateException(
                                e.getStatus() == 404 ? "no such path: " + context.path() : e.getMessage())));
    }

    /** Says that the same request will be answered soon. */
    static void tryLater(Context context) {
        context.status(HttpStatus.SERVICE_UNAVAILABLE).header(RETRY_AFTER, RETRY_SECONDS);
    }

    private void health(Context context, Optional<String> trouble) {
        if (trouble.isPresent()) {
            problem(context, HttpStatus.SERVICE_UNAVAILABLE, new IllegalStateException(trouble.get()));
        } else {
            context.contentType("application/json").result("{\"status\":\"ok\"}");
        }
    }

    private void problem(Context context, HttpStatus status, Exception trouble) {
        json.write(context.status(status), new Views.Problem(trouble.getMessage()));
    }
}
