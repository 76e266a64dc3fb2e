package io.espalier.streams.http;

import static io.espalier.streams.http.ApiServer.error;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Evidence;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.testing.Models;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PlanAnswersTest {
    private static final Expressiveness SCORES = Models.scores("1", 0, 500, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35);

    private final ApiServer api = ApiServer.start();

    @BeforeEach
    void scoreOneOfTwoVersions() {
        api.models.add(Models.descriptor("1")).add(Models.descriptor("2"));
        api.models.scores.add(SCORES);
        api.models.policy = policy(0.5);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void withoutABodyThePlanIsThatOfThePolicyInForceAndWhatLacksEvidenceSaysSo() throws Exception {
        JsonNode plans = plans("", "");
        assertThat(plans).hasSize(2);
        PlanOutcome own = new Planner()
                .plan(Models.descriptor("1"), Map.of(Models.POINT, PointStatistics.of(SCORES)), api.models.policy);
        assertThat(recommendation(plans.get(0))).isEqualTo(own.recommendation().orElseThrow());
        assertThat(plans.get(0).get("saving").asDouble())
                .isEqualTo(own.saving())
                .isEqualTo(0.5);
        JsonNode silent = plans.get(1);
        assertThat(silent.has("recommendation")).isFalse();
        assertThat(silent.get("saving").asDouble()).isZero();
        assertThat(silent.get("readiness").get("ready").asBoolean()).isFalse();
        assertThat(silent.get("readiness")
                        .get("capture_points")
                        .get(0)
                        .get("needed")
                        .asLong())
                .isEqualTo(256);
    }

    @Test
    void aPolicyInTheBodyIsTriedAndNothingElseChanges() throws Exception {
        JsonNode plan = plans("?limit=1", new String(Codecs.POLICY.encode(policy(0.25)), StandardCharsets.UTF_8))
                .get(0);
        assertThat(recommendation(plan).unitsRemoved()).isEqualTo(6);
        assertThat(recommendation(plans("", "").get(0)).unitsRemoved()).isEqualTo(4);
        assertThat(api.json("/api/models/small/recommendations")).isEmpty();
    }

    @Test
    void whatIsNoPolicyIsNamed() throws Exception {
        assertThat(error(post("/api/models/small/plan", "{\"target\": {\"metric\": \"macs\", \"keep\": 2}}"), 400))
                .startsWith("the body is no policy: ")
                .contains("target.keep")
                .doesNotContain("\n");
        assertThat(error(post("/api/models/small/plan", "nonsense"), 400)).contains("no policy");
        assertThat(error(post("/api/models/none/plan", ""), 404)).contains("model 'none'");
    }

    private JsonNode plans(String query, String body) throws Exception {
        HttpResponse<String> answer = post("/api/models/small/plan" + query, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return api.send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), path);
    }

    private static Recommendation recommendation(JsonNode plan) {
        return Codecs.RECOMMENDATION.decode(
                plan.get("recommendation").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Policy policy(double keep) {
        return new Policy(
                new Target(Policy.Metric.MACS, keep),
                Criterion.parse("expressiveness"),
                null,
                null,
                Evidence.ofSamples(256));
    }
}
