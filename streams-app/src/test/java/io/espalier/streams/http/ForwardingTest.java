package io.espalier.streams.http;

import static io.espalier.streams.http.ApiServer.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.streams.testing.Models;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ForwardingTest {
    private final ApiServer here = ApiServer.start();
    private final ApiServer there = ApiServer.with(routes -> routes.post(
            "/api/models/{model}/echo",
            context -> context.status(202)
                    .result(context.header("Content-Type") + " " + context.body() + " " + context.queryParam("q"))));

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    @Test
    void theOwnerAnswersAsIfItHadBeenAsked() throws Exception {
        here.instances.owners.put("small", there.address);
        there.models.add(Models.descriptor("1")).add(Models.descriptor("2"));
        for (String path : List.of(
                "/api/models/small/versions",
                "/api/models/small/versions?limit=1",
                "/api/models/small/versions/2/layers",
                "/api/models/small/drift",
                "/api/models/small/versions/2/drift",
                "/api/models/small/regrets",
                "/api/models/small/versions/3/layers",
                "/api/models/small/versions?limit=x")) {
            HttpResponse<String> forwarded = here.get(path);
            HttpResponse<String> direct = there.get(path);
            assertThat(forwarded.statusCode()).as(path).isEqualTo(direct.statusCode());
            assertThat(forwarded.body()).isEqualTo(direct.body());
            for (String header : List.of("Content-Type", "Link", "Espalier-Instance")) {
                assertThat(forwarded.headers().allValues(header))
                        .as(header)
                        .isEqualTo(direct.headers().allValues(header));
            }
        }
    }

    @Test
    void everyMethodOfEveryEndpointOfAModelIsForwarded() throws Exception {
        ApiServer asked = ApiServer.with(routes -> routes.post("/api/models/{model}/echo", context -> {
            throw new AssertionError("answered by the wrong instance");
        }));
        try (asked) {
            asked.instances.owners.put("small", there.address);
            HttpResponse<String> answer = asked.send(
                    HttpRequest.newBuilder()
                            .header("Content-Type", "text/plain")
                            .POST(BodyPublishers.ofString("body")),
                    "/api/models/small/echo?q=%26");
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.body()).isEqualTo("text/plain body &");
        }
    }

    @Test
    void aRequestIsForwardedOnceAtMost() throws Exception {
        here.instances.owners.put("small", there.address);
        there.instances.owners.put("small", here.address);
        HttpResponse<String> answer = here.get("/api/models/small/versions");
        assertThat(error(answer, 503)).contains("'small' moves between instances");
        assertThat(answer.headers().firstValueAsLong("Retry-After")).hasValue(2);
    }

    @Test
    void anOwnerThatHasGoneIsNamed() throws Exception {
        there.close();
        here.instances.owners.put("small", there.address);
        HttpResponse<String> answer = here.get("/api/models/small/versions");
        assertThat(error(answer, 503))
                .contains("127.0.0.1:" + there.address.port())
                .contains("cannot be reached")
                .contains("espalier.application.server");
        assertThat(answer.headers().firstValueAsLong("Retry-After")).hasValue(2);
    }

    @Test
    void anOwnerThatHangsIsGivenUpOn() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            here.instances.owners.put("small", new HostInfo("127.0.0.1", silent.getLocalPort()));
            assertThat(error(here.get("/api/models/small/versions"), 503)).contains("did not answer within 2000 ms");
        }
    }

    @Test
    void whoeverWaitsForAnOwnerThatHangsKeepsNobodyElseWaiting() throws Exception {
        // More than the server has threads.
        int waiting = 400;
        try (ServerSocket silent = new ServerSocket(0, waiting, InetAddress.getLoopbackAddress());
                ApiServer patient = ApiServer.withPatience(Duration.ofMinutes(1))) {
            patient.instances.owners.put("theirs", new HostInfo("127.0.0.1", silent.getLocalPort()));
            patient.models.add(descriptor("ours"));
            List<CompletableFuture<Integer>> theirs = new ArrayList<>();
            for (int index = 0; index < waiting; index++) {
                theirs.add(patient.sendAsync("/api/models/theirs/versions"));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> patient.instances.asked.get() == waiting);
            assertThat(patient.sendAsync("/api/models/ours/versions").get(10, TimeUnit.SECONDS))
                    .isEqualTo(200);
            assertThat(theirs).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void theListOfModelsIsThatOfAllInstances() throws Exception {
        twoInstances();
        for (ApiServer asked : List.of(here, there)) {
            List<String> models = new ArrayList<>();
            String page = "/api/models?limit=4";
            while (page != null) {
                HttpResponse<String> answer = asked.get(page);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                Json.mapper()
                        .readTree(answer.body())
                        .forEach(model -> models.add(model.get("model").asText()));
                page = ApiServer.next(answer).orElse(null);
            }
            assertThat(models)
                    .isEqualTo(IntStream.range(10, 30)
                            .mapToObj(index -> "m" + index)
                            .toList());
        }
    }

    @Test
    void aPageThatOneInstanceEndsEarlyEndsTheListThere() throws Exception {
        twoInstances();
        List<String> models = new ArrayList<>();
        String page = "/api/models?limit=100&max_bytes=250";
        while (page != null) {
            HttpResponse<String> answer = here.get(page);
            assertThat(answer.body().length()).isLessThanOrEqualTo(250);
            Json.mapper()
                    .readTree(answer.body())
                    .forEach(model -> models.add(model.get("model").asText()));
            page = ApiServer.next(answer).orElse(null);
        }
        assertThat(models)
                .isEqualTo(
                        IntStream.range(10, 30).mapToObj(index -> "m" + index).toList());
    }

    @Test
    void anInstanceThatDoesNotAnswerIsNamedBesideTheModelsOfTheOthers() throws Exception {
        twoInstances();
        there.close();
        HttpResponse<String> answer = here.get("/api/models");
        assertThat(error(answer, 503))
                .contains("lacks the models of 1 of 2 partitions")
                .contains("127.0.0.1:" + there.address.port());
        JsonNode body = Json.mapper().readTree(answer.body());
        assertThat(body.get("models")).hasSize(10);
        assertThat(answer.headers().firstValueAsLong("Retry-After")).hasValue(2);
    }

    @Test
    void partitionsThatNobodyHasAreAGapAndNotAnEnd() throws Exception {
        twoInstances();
        there.models.partitions.clear();
        assertThat(error(here.get("/api/models"), 503)).contains("move between instances");
    }

    private void twoInstances() {
        for (int index = 10; index < 30; index++) {
            (index % 2 == 0 ? here : there).models.add(descriptor("m" + index));
        }
        here.instances.others.add(there.address);
        there.instances.others.add(here.address);
        here.instances.partitions = 2;
        there.instances.partitions = 2;
        there.models.partitions.clear();
        there.models.partitions.addAll(Set.of(1));
    }

    private static ModelDescriptor descriptor(String model) {
        return new ModelDescriptor(
                model,
                "1",
                Models.descriptor("1").artifact(),
                List.of(),
                1,
                1,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
