package io.espalier.streams.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import io.espalier.settings.SettingsException;
import io.espalier.streams.query.ModelQueries;
import io.espalier.streams.query.UnavailableException;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP face of the application: models as JSON, health, metrics. Read-only. */
public final class HttpApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final JsonMapper mapper = Json.mapper();
    private final Health health;
    private final Supplier<String> metrics;
    private final Javalin server;

    /**
     * Not listening before {@link #start}.
     *
     * @param metrics gives all metrics in the Prometheus text format
     */
    public HttpApi(ModelQueries queries, Health health, Supplier<String> metrics) {
        this(Optional.of(new ModelAnswers(queries)), health, metrics);
    }

    /** Health and metrics alone, for a process that knows of no models. */
    public static HttpApi withoutModels(Health health, Supplier<String> metrics) {
        return new HttpApi(Optional.empty(), health, metrics);
    }

    private HttpApi(Optional<ModelAnswers> answers, Health health, Supplier<String> metrics) {
        this.health = health;
        this.metrics = metrics;
        this.server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            answers.ifPresent(models -> routes(config.routes, models));
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

    private void routes(RoutesConfig routes, ModelAnswers answers) {
        routes.get("/api/models", context -> json(context, answers.models()));
        routes.get("/api/models/{model}/versions", context -> json(context, answers.versions(model(context))));
        routes.get(
                "/api/models/{model}/versions/{version}/layers",
                context -> json(context, answers.layers(model(context), context.pathParam("version"))));
        routes.get(
                "/api/models/{model}/versions/{version}/layers/{point}",
                context -> json(
                        context,
                        answers.layer(model(context), context.pathParam("version"), context.pathParam("point"))));
        routes.get(
                "/api/models/{model}/recommendations",
                context -> json(context, answers.recommendations(model(context))));
        routes.get("/api/models/{model}/readiness", context -> json(context, answers.readiness(model(context))));
    }

    private void routes(RoutesConfig routes) {
        routes.get("/health/live", context -> health(context, health.dead()));
        routes.get("/health/ready", context -> health(context, health.notReady()));
        routes.get("/metrics", context -> context.contentType(PROMETHEUS_TEXT).result(metrics.get()));
    }

    private void errors(RoutesConfig routes) {
        routes.exception(NotKnownException.class, (e, context) -> problem(context, HttpStatus.NOT_FOUND, e));
        routes.exception(
                UnavailableException.class, (e, context) -> problem(context, HttpStatus.SERVICE_UNAVAILABLE, e));
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

    private static String model(Context context) {
        return context.pathParam("model");
    }

    private void health(Context context, Optional<String> trouble) {
        if (trouble.isPresent()) {
            problem(context, HttpStatus.SERVICE_UNAVAILABLE, new IllegalStateException(trouble.get()));
        } else {
            context.contentType("application/json").result("{\"status\":\"ok\"}");
        }
    }

    private void problem(Context context, HttpStatus status, Exception trouble) {
        context.status(status);
        json(context, new Views.Problem(trouble.getMessage()));
    }

    private void json(Context context, Object value) {
        try {
            context.contentType("application/json").result(mapper.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answer to " + context.path(), e);
        }
    }
}
