package io.espalier.streams.http;

import static io.espalier.streams.http.ApiServer.error;
import static io.espalier.streams.http.ApiServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.planner.drift.Drift;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Recommendation.Withdrawal;
import io.espalier.protocol.record.Regret;
import io.espalier.streams.testing.Models;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DriftAnswersTest {
    private static final int MEGABYTE = 1_000_000;

    private final ApiServer api = ApiServer.start();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aStandingRecommendationIsComparedWithAndAWithdrawnOneSaysWhy() throws Exception {
        IntStream.rangeClosed(1, 3).forEach(version -> api.models.add(Models.descriptor(String.valueOf(version))));
        Recommendation first = recommendation(Models.MODEL, "1", "first");
        Recommendation second = recommendation(Models.MODEL, "2", "second");
        api.models.recommendations.put(first.versionKey(), first);
        api.models.recommendations.put(
                second.versionKey(),
                second.withdrawn("other", new Withdrawal("second", "the traffic has drifted since, at relu1")));
        api.models.drifts.put(Models.MODEL + "@1/" + Models.POINT, new Drift(true, 3, -0.25));

        JsonNode versions = api.json("/api/models/small/drift");
        assertThat(versions).as("the third version has no recommendation").hasSize(2);
        assertThat(versions.get(0).toString()).isEqualTo("""
                {"version":"1","recommendation":"first","withdrawn":false,"capture_points":[{"capture_point":"relu1",\
                "units":8,"changed_units":3,"drifted":true,"rank_correlation":-0.25}]}\
                """);
        assertThat(versions.get(1).toString()).isEqualTo("""
                {"version":"2","recommendation":"second","withdrawn":true,\
                "reason":"the traffic has drifted since, at relu1","capture_points":[]}\
                """);
        assertThat(api.json("/api/models/small/versions/1/drift"))
                .isEqualTo(versions.get(0).get("capture_points"));
        assertThat(api.json("/api/models/small/versions/3/drift")).isEmpty();
        assertThat(error(api.get("/api/models/small/versions/9/drift"), 404)).contains("small@9");
        assertThat(error(api.get("/api/models/none/drift"), 404)).contains("model 'none'");
    }

    @Test
    void regretsAreThoseOfTheirTopicInPages() throws Exception {
        for (int version = 10; version < 40; version++) {
            api.models.add(Models.descriptor("v" + version));
            if (version % 3 == 0) {
                Regret regret = new Regret(
                        Models.MODEL,
                        "v" + version,
                        "1",
                        "r1",
                        Map.of(Models.GROUP, new Regret.Units(0.175, 4, List.of(1, version))));
                api.models.regrets.put(new VersionKey(Models.MODEL, "v" + version), regret);
            }
        }
        List<String> versions = new ArrayList<>();
        Optional<String> page = Optional.of("/api/models/small/regrets?limit=4");
        while (page.isPresent()) {
            HttpResponse<String> answer = api.get(page.get());
            for (JsonNode element : Json.mapper().readTree(answer.body())) {
                Regret regret = Codecs.REGRET.decode(element.toString().getBytes(StandardCharsets.UTF_8));
                assertThat(regret).isEqualTo(api.models.regrets.get(new VersionKey(Models.MODEL, regret.version())));
                versions.add(regret.version());
            }
            page = next(answer);
        }
        assertThat(versions).containsExactly("v12", "v15", "v18", "v21", "v24", "v27", "v30", "v33", "v36", "v39");
        assertThat(error(api.get("/api/models/none/regrets"), 404)).contains("model 'none'");
    }

    @Test
    void thousandsOfCapturePointsComeInPagesOfAMegabyteAtMost() throws Exception {
        List<CapturePoint> points = IntStream.range(0, 12_000)
                .mapToObj(index -> new CapturePoint("features.block" + index + ".relu", "g" + index, 8, 4))
                .toList();
        ModelDescriptor small = Models.descriptor("1");
        api.models.add(new ModelDescriptor(
                "wide",
                "1",
                small.artifact(),
                List.of(),
                1,
                1,
                List.of(),
                List.of(),
                points,
                List.of(),
                List.of(),
                List.of()));
        api.models.recommendations.put(new VersionKey("wide", "1"), recommendation("wide", "1", "plan"));
        points.forEach(point -> api.models.drifts.put("wide@1/" + point.name(), new Drift(false, 0, 1.0 / 3)));

        assertThat(error(api.get("/api/models/wide/drift"), 400)).contains("max_bytes=");
        List<String> names = new ArrayList<>();
        Optional<String> page = Optional.of("/api/models/wide/versions/1/drift?limit=10000");
        while (page.isPresent()) {
            HttpResponse<String> answer = api.get(page.get());
            assertThat(answer.body().length()).isLessThanOrEqualTo(MEGABYTE);
            for (JsonNode point : Json.mapper().readTree(answer.body())) {
                assertThat(point.get("rank_correlation").asDouble()).isEqualTo(1.0 / 3, within(0.0));
                names.add(point.get("capture_point").asText());
            }
            page = next(answer);
        }
        assertThat(names).isEqualTo(points.stream().map(CapturePoint::name).toList());
    }

    private static Recommendation recommendation(String model, String version, String id) {
        Policy policy = Policy.of(Target.parse("macs=0.5"), Criterion.parse("expressiveness"));
        return new Recommendation(
                id, model, version, policy, Map.of(), Map.of(Models.GROUP, List.of(0)), 8, 1, 80, 70, 800, 700);
    }
}
