package io.espalier.benchmarks.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Java process with our class path that is spoken to in lines: it ends when its standard input does, and what it has to
 * say comes in lines {@code NAME VALUE...}. Its errors go to a log file.
 */
public final class ChildProcess implements AutoCloseable {
    private static final String EXTRA_OPTIONS = "BENCHMARK_JVM_OPTIONS";

    private final Process process;
    private final File log;
    private final List<String[]> lines = new ArrayList<>();
    private final Thread reader;

    private ChildProcess(Process process, File log) {
        this.process = process;
        this.log = log;
        this.reader = new Thread(this::read, "lines");
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /**
     * Starts.
     *
     * @param heap largest heap, as {@code -Xmx} takes it
     * @param extra whether options of the environment variable BENCHMARK_JVM_OPTIONS are for this process
     */
    public static ChildProcess start(Class<?> main, String heap, boolean extra, File log, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/java", "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
        // As ./espalier starts the services.
        command.add("-XX:+UseSerialGC");
        String options = System.getenv(EXTRA_OPTIONS);
        if (extra && options != null) {
            command.addAll(Arrays.asList(options.trim().split("\\s+")));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ChildProcess(
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.appendTo(log))
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All lines of a name so far, each without it. */
    public List<String[]> lines(String name) {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line[0].equals(name))
                    .map(line -> Arrays.copyOfRange(line, 1, line.length))
                    .toList();
        }
    }

    /** The last line of a name, without it. */
    public Optional<String[]> last(String name) {
        List<String[]> all = lines(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** Waits for a line of this name; throws when the process ends before, or does not say it in time. */
    public String[] await(String name, long limitMs) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (last(name).isEmpty()) {
            requireAlive();
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no '" + name + "' within " + limitMs + " ms: see " + log);
            }
            pause(20);
        }
        return last(name).orElseThrow();
    }

    public void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("a process ended with " + process.exitValue() + ": see " + log);
        }
    }

    @Override
    public void close() {
        end();
    }

    /** Lets it end, in a minute, and kills it then; what it has said stays. */
    public void end() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            reader.join();
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Sleeps. */
    public static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (lines) {
                    lines.add(line.split(" ", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
