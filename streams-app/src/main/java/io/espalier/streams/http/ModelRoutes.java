package io.espalier.streams.http;

import io.espalier.streams.query.Instances;
import io.espalier.streams.query.ModelQueries;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Iterator;

/**
 * The endpoints below {@code /api/models}: one line each. What comes under a model's path is answered by the instance that
 * has the model, whatever the method, without a word here.
 */
final class ModelRoutes {
    /** Short of what clients wait for; an instance answers from memory. */
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(5);

    private final ModelAnswers answers;
    private final PointAnswers points;
    private final DriftAnswers drift;
    private final PlanAnswers plans;
    private final AllModels allModels;
    private final OwnerForwarding forwarding;
    private final JsonAnswers json;

    ModelRoutes(ModelQueries queries, Instances instances, JsonAnswers json) {
        this(queries, instances, json, PEER_TIMEOUT);
    }

    ModelRoutes(ModelQueries queries, Instances instances, JsonAnswers json, Duration peerTimeout) {
        Peers peers = new Peers(peerTimeout);
        this.answers = new ModelAnswers(queries);
        this.points = new PointAnswers(queries);
        this.drift = new DriftAnswers(queries, answers, points);
        this.plans = new PlanAnswers(queries, answers);
        this.allModels = new AllModels(answers, instances, peers, json);
        this.forwarding = new OwnerForwarding(instances, peers);
        this.json = json;
    }

    void register(RoutesConfig routes) {
        routes.beforeMatched("/api/models/{model}/*", forwarding);
        routes.get("/api/models", allModels);
        list(routes, "/versions", (context, page) -> answers.versions(model(context), page.after()));
        list(routes, "/recommendations", (context, page) -> answers.recommendations(model(context), page.after()));
        list(routes, "/regrets", (context, page) -> answers.regrets(model(context), page.after()));
        list(routes, "/drift", (context, page) -> drift.versions(model(context), page.after()));
        list(routes, "/readiness", (context, page) -> answers.readiness(model(context), page.after()));
        list(
                routes,
                "/versions/{version}/layers",
                (context, page) -> points.layers(model(context), version(context), page.after()));
        list(
                routes,
                "/versions/{version}/readiness",
                (context, page) -> points.readiness(model(context), version(context), page.after()));
        list(
                routes,
                "/versions/{version}/drift",
                (context, page) -> drift.points(model(context), version(context), page.after()));
        routes.get("/api/models/{model}/versions/{version}/layers/{point}", this::layer);
        routes.post("/api/models/{model}/plan", this::plan);
    }

    private void list(RoutesConfig routes, String path, NamedList elements) {
        routes.get("/api/models/{model}" + path, context -> {
            PageRequest page = PageRequest.of(context);
            json.write(context, elements.of(context, page), false, page);
        });
    }

    /** A dry run: a POST since it has a body and is work, though it changes nothing. */
    private void plan(Context context) {
        PageRequest page = PageRequest.of(context);
        json.write(context, plans.of(model(context), context.bodyAsBytes(), page.after()), false, page);
    }

    private void layer(Context context) {
        PageRequest page = PageRequest.of(context);
        PointAnswers.LayerUnits units = points.layer(model(context), version(context), context.pathParam("point"));
        UnitRange range = UnitRange.of(context, units.count());
        range.next(units.count()).ifPresent(next -> NextPage.at(context, UnitRange.UNITS, next.toString()));
        json.write(context, units.scores(range), page);
    }

    private static String model(Context context) {
        return context.pathParam("model");
    }

    private static String version(Context context) {
        return context.pathParam("version");
    }

    /** The elements of a list, lazily. */
    private interface NamedList {
        Iterator<Named> of(Context context, PageRequest page);
    }
}
