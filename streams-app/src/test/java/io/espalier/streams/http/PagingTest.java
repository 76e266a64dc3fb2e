package io.espalier.streams.http;

import static io.espalier.streams.http.ApiServer.error;
import static io.espalier.streams.http.ApiServer.next;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Errors;
import io.espalier.protocol.record.Expressiveness.Interval;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Readiness;
import io.espalier.streams.testing.Models;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PagingTest {
    private static final int MEGABYTE = 1_000_000;

    private final ApiServer api = ApiServer.start();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void theLinksOfAListLeadThroughAllOfItOnce() throws Exception {
        List<String> versions =
                IntStream.range(0, 250).mapToObj(index -> "v" + (1000 + index)).toList();
        versions.forEach(version -> api.models.add(Models.descriptor(version)));
        assertThat(names("/api/models/small/versions", "version")).isEqualTo(versions);
        assertThat(names("/api/models/small/versions?limit=7", "version")).isEqualTo(versions);
        assertThat(names("/api/models/small/versions?limit=125&after=v1124", "version"))
                .isEqualTo(versions.subList(125, 250));
        assertThat(api.get("/api/models/small/versions?limit=250").headers().firstValue("Link"))
                .as("at the end")
                .isEmpty();
    }

    @Test
    void aPageReadsNoMoreThanItShows() throws Exception {
        IntStream.range(0, 250).forEach(index -> api.models.add(Models.descriptor("v" + index)));
        assertThat(api.json("/api/models/small/versions?limit=3")).hasSize(3);
        assertThat(api.models.descriptorsRead).isEqualTo(3);
    }

    @Test
    void modelsArePagedInTheOrderOfTheirKeysAndNameAFewVersionsEach() throws Exception {
        for (String model : List.of("a", "a-b", "a1", "b")) {
            IntStream.range(0, 25).forEach(index -> api.models.add(descriptor(model, "v" + (10 + index), 1)));
        }
        assertThat(names("/api/models?limit=3", "model")).containsExactly("a-b", "a1", "a", "b");
        JsonNode first = api.json("/api/models?limit=1").get(0);
        assertThat(first.get("versions")).hasSize(20);
        assertThat(first.get("more_versions").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=x", "limit=10001", "max_bytes=64000001", "max_bytes="})
    void aParameterThatCannotBeIsNamed(String parameter) throws Exception {
        api.models.add(Models.descriptor("1"));
        assertThat(error(api.get("/api/models/small/versions?" + parameter), 400))
                .contains(parameter)
                .contains("give 1 to");
        assertThat(error(api.get("/api/models?" + parameter), 400)).contains(parameter);
    }

    @Test
    void thousandsOfCapturePointsComeInPagesOfAMegabyteAtMost() throws Exception {
        ModelDescriptor descriptor = descriptor("wide", "1", 12_000);
        api.models.add(descriptor);
        for (String path : List.of("layers", "readiness")) {
            api.models.readiness.put(descriptor.key(), readiness(descriptor));
            String list = "/api/models/wide/versions/1/" + path + "?limit=10000";
            HttpResponse<String> first = api.get(list);
            assertThat(first.body().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(MEGABYTE / 2, MEGABYTE);
            assertThat(names(list, path.equals("layers") ? "capture_point" : "name"))
                    .isEqualTo(descriptor.capturePoints().stream()
                            .map(CapturePoint::name)
                            .toList());
        }
        assertThat(error(api.get("/api/models/wide/versions/1/layers?after=none"), 404))
                .contains("'none'");
    }

    @Test
    void anElementAboveAMegabyteIsOnlySentWhenAskedFor() throws Exception {
        ModelDescriptor descriptor = descriptor("wide", "1", 12_000);
        api.models.add(descriptor);
        api.models.readiness.put(descriptor.key(), readiness(descriptor));
        String refused = error(api.get("/api/models/wide/readiness"), 400);
        assertThat(refused)
                .contains("max_bytes=")
                .contains("1000000 are allowed")
                .doesNotContain("\n");
        String more = refused.substring(refused.indexOf("?max_bytes="));
        assertThat(api.json("/api/models/wide/readiness" + more).get(0).get("capture_points"))
                .hasSize(12_000);
    }

    @Test
    void aWideLayerComesInRangesOfUnitsThatJoinToTheWhole() throws Exception {
        int units = 12_000;
        ModelDescriptor descriptor = new ModelDescriptor(
                "wide",
                "1",
                Models.descriptor("1").artifact(),
                List.of(),
                1,
                1,
                List.of(),
                List.of(),
                List.of(new CapturePoint("fc", "g", units, 4)),
                List.of(),
                List.of(),
                List.of());
        api.models.add(descriptor);
        // As many digits as there can be.
        double[] scores = new Random(1).doubles(units, 1e-11, 1e-10).toArray();
        for (int first = 0; first < units; first += 3000) {
            double[] part = Arrays.copyOfRange(scores, first, first + 3000);
            api.models.scores.add(new Expressiveness(
                    "wide",
                    "1",
                    "fc",
                    first,
                    part.length,
                    4,
                    new Window(0, 60_000, 1),
                    10,
                    part,
                    part,
                    part,
                    part,
                    part,
                    null,
                    new Interval(part, part),
                    new Errors(part, part),
                    null));
        }
        String path = "/api/models/wide/versions/1/layers/fc";
        List<Double> joined = new ArrayList<>();
        Optional<String> page = Optional.of(path);
        int pages = 0;
        while (page.isPresent()) {
            HttpResponse<String> answer = api.get(page.get());
            assertThat(answer.body().length()).isLessThan(MEGABYTE * 6 / 10);
            Expressiveness part = Codecs.EXPRESSIVENESS.decode(answer.body().getBytes(StandardCharsets.UTF_8));
            assertThat(part.firstUnit()).isEqualTo(joined.size());
            for (double score : part.score()) {
                joined.add(score);
            }
            page = next(answer);
            pages++;
        }
        assertThat(pages).isEqualTo(6);
        assertThat(joined.stream().mapToDouble(Double::doubleValue).toArray()).isEqualTo(scores);
        assertThat(api.json(path + "?units=2999-3000").get("score"))
                .extracting(JsonNode::asDouble)
                .containsExactly(scores[2999], scores[3000]);
        for (String wrong : List.of("5-4", "0-12000", "-1-4", "7", "0-99999999999")) {
            assertThat(error(api.get(path + "?units=" + wrong), 400))
                    .contains(wrong)
                    .contains("0-11999");
        }
        assertThat(error(api.get(path + "?units=0-11999"), 400)).contains("max_bytes=");
        assertThat(api.json(path + "?units=0-11999&max_bytes=10000000").get("score"))
                .hasSize(units);
    }

    private List<String> names(String list, String field) throws Exception {
        List<String> names = new ArrayList<>();
        Optional<String> page = Optional.of(list);
        while (page.isPresent()) {
            HttpResponse<String> answer = api.get(page.get());
            assertThat(answer.statusCode()).as(page.get()).isEqualTo(200);
            assertThat(answer.body().length()).isLessThanOrEqualTo(MEGABYTE);
            Json.mapper()
                    .readTree(answer.body())
                    .forEach(element -> names.add(element.get(field).asText()));
            page = next(answer);
        }
        return names;
    }

    private static Readiness readiness(ModelDescriptor descriptor) {
        return new Readiness(
                descriptor.model(),
                descriptor.version(),
                false,
                "samples are missing",
                descriptor.capturePoints().stream()
                        .map(point -> new Readiness.Point(point.name(), 123, 1000, 60_000L, "samples are missing"))
                        .toList());
    }

    private static ModelDescriptor descriptor(String model, String version, int points) {
        return new ModelDescriptor(
                model,
                version,
                Models.descriptor(version).artifact(),
                List.of(),
                1,
                1,
                List.of(),
                List.of(),
                IntStream.range(0, points)
                        .mapToObj(index -> new CapturePoint("features.block" + index + ".relu", "g" + index, 8, 4))
                        .toList(),
                List.of(),
                List.of(),
                List.of());
    }
}
