package io.espalier.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.query.ModelQueries;
import io.espalier.streams.testing.Models;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpApiTest {
    private final HttpApi api = new HttpApi(new OneModel(), new Well(), () -> "# no metrics\n");
    private int port;

    @BeforeEach
    void start() {
        port = api.start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void whatIsNotKnownIsNamedInTheAnswer() throws Exception {
        assertThat(error(get("/api/models/none/versions"), 404)).contains("model 'none'");
        assertThat(error(get("/api/models/small/versions/7/layers"), 404)).contains("small@7");
        assertThat(error(get("/api/models/small/versions/1/layers/none"), 404)).contains("capture point 'none'");
        assertThat(error(get("/api/models/small/versions/1/layers/relu1"), 404)).contains("no score yet");
        assertThat(error(get("/nowhere"), 404)).contains("no such path");
        assertThat(error(get("/api/models/a%20b/versions"), 404)).contains("model 'a b'");
    }

    @Test
    void aRequestThatSaysItSendsJsonGetsTheSameAnswers() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder().header("Content-Type", "application/json");
        assertThat(error(send(request.copy(), "/nowhere"), 404)).contains("no such path");
        assertThat(error(send(request.copy(), "/api/models/none/versions"), 404))
                .contains("model 'none'");
    }

    @Test
    void writingIsAnsweredInJson() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder().POST(BodyPublishers.ofString("{}")), "/api/models");
        assertThat(answer.statusCode()).isIn(404, 405);
        assertThat(Json.mapper().readTree(answer.body()).get("error").asText()).isNotBlank();
    }

    private static String error(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        return Json.mapper().readTree(answer.body()).get("error").asText();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(), path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient().send(request.uri(uri).build(), BodyHandlers.ofString());
    }

    private static final class Well implements Health {
        @Override
        public Optional<String> dead() {
            return Optional.empty();
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    }

    /** The small model, registered and without traffic. */
    private static final class OneModel implements ModelQueries {
        private final ModelDescriptor descriptor = Models.descriptor("1");

        @Override
        public SortedSet<VersionKey> versions() {
            SortedSet<VersionKey> versions = new TreeSet<>(Comparator.comparing(VersionKey::toString));
            versions.add(descriptor.key());
            return versions;
        }

        @Override
        public Optional<ModelDescriptor> descriptor(VersionKey version) {
            return Optional.of(descriptor).filter(known -> known.key().equals(version));
        }

        @Override
        public Optional<ModelVersion> verdict(VersionKey version) {
            return Optional.empty();
        }

        @Override
        public Optional<Readiness> readiness(VersionKey version) {
            return Optional.empty();
        }

        @Override
        public Optional<Recommendation> recommendation(VersionKey version) {
            return Optional.empty();
        }

        @Override
        public List<Expressiveness> scores(VersionKey version) {
            return List.of();
        }
    }
}
