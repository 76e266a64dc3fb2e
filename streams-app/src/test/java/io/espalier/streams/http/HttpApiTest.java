package io.espalier.streams.http;

import static io.espalier.streams.http.ApiServer.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.codec.Json;
import io.espalier.streams.testing.Models;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpApiTest {
    private final ApiServer api = ApiServer.start();

    @BeforeEach
    void registerWithoutTraffic() {
        api.models.add(Models.descriptor("1"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void whatIsNotKnownIsNamedInTheAnswer() throws Exception {
        assertThat(error(api.get("/api/models/none/versions"), 404)).contains("model 'none'");
        assertThat(error(api.get("/api/models/small/versions/7/layers"), 404)).contains("small@7");
        assertThat(error(api.get("/api/models/small/versions/a%20b/layers"), 404))
                .contains("small@a b");
        assertThat(error(api.get("/api/models/small/versions/7/readiness"), 404))
                .contains("small@7");
        assertThat(error(api.get("/api/models/small/versions/1/layers/none"), 404))
                .contains("capture point 'none'");
        assertThat(error(api.get("/api/models/small/versions/1/layers/relu1"), 404))
                .contains("no score yet");
        assertThat(error(api.get("/nowhere"), 404)).contains("no such path");
        assertThat(error(api.get("/api/models/small/nowhere"), 404)).contains("no such path");
        assertThat(error(api.get("/api/models/a%20b/versions"), 404)).contains("model 'a b'");
    }

    @Test
    void aRequestThatSaysItSendsJsonGetsTheSameAnswers() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder().header("Content-Type", "application/json");
        assertThat(error(api.send(request.copy(), "/nowhere"), 404)).contains("no such path");
        assertThat(error(api.send(request.copy(), "/api/models/none/versions"), 404))
                .contains("model 'none'");
    }

    @Test
    void writingIsAnsweredInJson() throws Exception {
        HttpResponse<String> answer =
                api.send(HttpRequest.newBuilder().POST(BodyPublishers.ofString("{}")), "/api/models");
        assertThat(answer.statusCode()).isIn(404, 405);
        assertThat(Json.mapper().readTree(answer.body()).get("error").asText()).isNotBlank();
    }

    @Test
    void whatCannotBeReadNowIsToBeAskedAgain() throws Exception {
        api.instances.trouble = "the model moves";
        HttpResponse<String> answer = api.get("/api/models/small/versions");
        assertThat(error(answer, 503)).isEqualTo("the model moves");
        assertThat(answer.headers().firstValueAsLong("Retry-After")).hasValue(2);
    }
}
