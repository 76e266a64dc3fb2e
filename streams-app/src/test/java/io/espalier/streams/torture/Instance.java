package io.espalier.streams.torture;

import io.espalier.streams.StreamsApplication;
import io.espalier.streams.broker.ChildProcess;
import io.espalier.streams.broker.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One instance of the service, in a process of its own that can be started again and again. */
final class Instance implements AutoCloseable {
    /** After which a member that is not heard of is taken for dead. */
    static final int SESSION_MS = 4000;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final String name;
    private final int port = Ports.free();
    private final Path settings;
    private final Path state;
    private final Path log;
    private ChildProcess process;

    Instance(String name, Installation installation, Map<String, String> given) {
        this.name = name;
        this.state = installation.directory.resolve("state-" + name);
        this.log = installation.directory.resolve(name + ".log");
        Map<String, String> all = new TreeMap<>(given);
        all.put("espalier.http.port", Integer.toString(port));
        all.put("espalier.state.dir", state.toString());
        Path file = installation.settingsFile(all);
        this.settings = file.resolveSibling(name + ".properties");
        try {
            Files.move(file, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        start("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    }

    /** {@code options} of the JVM. */
    void start(String... options) {
        process = ChildProcess.start(StreamsApplication.class, List.of(options), List.of(settings.toString()), log);
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    void stall() throws InterruptedException {
        process.stall();
    }

    void goOn() throws InterruptedException {
        process.goOn();
    }

    /** Takes away all that it kept on this machine; while it does not run. */
    void wipe() throws IOException {
        if (!Files.exists(state)) {
            // Stores in memory leave nothing behind; should they ever move to disk, this is where it shows.
            return;
        }
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitCode();
    }

    /** What it said last. */
    String lastLine() {
        List<String> lines = log();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    /** How often it has said something since it was made. */
    long timesSaid(String words) {
        return log().stream().filter(line -> line.contains(words)).count();
    }

    /** For whoever looks into a failure. */
    String logTail() {
        return LogTail.of(log);
    }

    private List<String> log() {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By its own readiness: all its streams run, and a broker answers. */
    boolean isReady() {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Metrics metrics() throws IOException, InterruptedException {
        return new Metrics(get("/metrics").body());
    }

    /** A full collection: what is in use then is in use. */
    void collectGarbage() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        int exit = new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("jcmd GC.run exited with " + exit);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(3)).build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
