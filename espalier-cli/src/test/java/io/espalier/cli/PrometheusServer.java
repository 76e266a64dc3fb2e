package io.espalier.cli;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Prometheus (Debian's package prometheus) on a free port of the loopback address, which scrapes both services
 * and evaluates a rules file every second. Owns its process and a temporary directory until {@link #close}.
 */
final class PrometheusServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final Path directory;
    private final URI address;

    private PrometheusServer(Process process, Path directory, URI address) {
        this.process = process;
        this.directory = directory;
        this.address = address;
    }

    /**
     * What Prometheus answered to one expression.
     *
     * @param series how many series, or 1 for a scalar
     * @param numbers how many of them have a finite value
     * @param error why it could not be evaluated; empty when it could
     */
    record Answer(int series, int numbers, Optional<String> error) {}

    /** Skips the calling test where no Prometheus is installed; fails it when {@code ESPALIER_REQUIRE_PROMETHEUS=1}. */
    static void assumeInstalled() {
        if (binary().isEmpty()) {
            String lacking = "no 'prometheus' on the PATH: install Debian's package prometheus to run this test";
            if ("1".equals(System.getenv("ESPALIER_REQUIRE_PROMETHEUS"))) {
                fail(lacking);
            }
            abort(lacking);
        }
    }

    /**
     * Starts one; returns when it answers queries, which is before its first scrape.
     *
     * @param rules a rules file
     * @param streams host:port that serves /metrics, scraped as job espalier-streams
     * @param sidecar host:port that serves /metrics, scraped as job espalier-sidecar
     * @throws IllegalStateException when it does not start, with the errors of its log
     */
    static PrometheusServer start(Path rules, String streams, String sidecar) throws IOException, InterruptedException {
        Path binary = binary().orElseThrow(() -> new IllegalStateException("no 'prometheus' on the PATH"));
        Path directory = Files.createTempDirectory("espalier-prometheus");
        Path configuration = directory.resolve("prometheus.yaml");
        Files.writeString(configuration, """
                global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                rule_files: ['%s']
                scrape_configs:
                  - {job_name: espalier-streams, static_configs: [{targets: ['%s']}]}
                  - {job_name: espalier-sidecar, static_configs: [{targets: ['%s']}]}
                """.formatted(rules.toAbsolutePath(), streams, sidecar));
        String listen = "127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + listen)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        PrometheusServer server = new PrometheusServer(process, directory, URI.create("http://" + listen));
        server.awaitReady();
        return server;
    }

    /** Evaluates an expression at this moment. */
    Answer query(String expression) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/v1/query"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)))
                .build();
        JsonNode answer =
                json.readTree(http.send(request, BodyHandlers.ofString()).body());
        if (!answer.path("status").asText().equals("success")) {
            return new Answer(0, 0, Optional.of(answer.path("error").asText("no answer")));
        }
        JsonNode result = answer.path("data").path("result");
        List<JsonNode> values = answer.path("data").path("resultType").asText().equals("scalar")
                ? List.of(result)
                : result.findValues("value");
        int numbers = (int) values.stream()
                .filter(value -> Double.isFinite(number(value.path(1).asText())))
                .count();
        return new Answer(values.size(), numbers, Optional.empty());
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        // Its data cannot be deleted under its feet: ask, then force, and wait for its end either way.
        process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .thenCompose(asked -> asked.destroyForcibly().onExit())
                .join();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(address.resolve("/-/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                HttpResponse<Void> answer = http.send(ready, BodyHandlers.discarding());
                if (answer.statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet: the limit above and the process's end are what stops the wait.
            }
            Thread.sleep(50);
        }
        String errors;
        try (Stream<String> log = Files.lines(directory.resolve("log"))) {
            errors = log.filter(line -> line.toLowerCase(Locale.ROOT).contains("level=error"))
                    .collect(Collectors.joining(" | "));
        }
        close();
        throw new IllegalStateException(
                "prometheus did not start" + (errors.isEmpty() ? " within " + START_LIMIT : ": " + errors));
    }

    /** Prometheus writes infinities as +Inf and -Inf. */
    private static double number(String value) {
        return value.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
    }

    private static Optional<Path> binary() {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback address", e);
        }
    }
}
