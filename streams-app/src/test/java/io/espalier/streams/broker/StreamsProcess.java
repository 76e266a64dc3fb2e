package io.espalier.streams.broker;

import io.espalier.streams.StreamsApplication;
import java.nio.file.Path;
import java.util.List;

/** The streams application in a JVM of its own, so that it can be killed. */
final class StreamsProcess implements AutoCloseable {
    private final ChildProcess process;

    private StreamsProcess(ChildProcess process) {
        this.process = process;
    }

    static StreamsProcess start(Path settings, Path log) {
        return new StreamsProcess(
                ChildProcess.start(StreamsApplication.class, List.of("-Xmx512m"), List.of(settings.toString()), log));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of a process that has ended. */
    int exitCode() {
        return process.exitCode();
    }

    /** SIGKILL: nothing of the process runs after it. */
    void kill() throws InterruptedException {
        process.kill();
    }

    /** SIGTERM, and the exit code. */
    int end() throws InterruptedException {
        return process.end();
    }

    @Override
    public void close() {
        process.close();
    }
}
