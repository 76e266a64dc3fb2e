package io.espalier.streams.torture;

import io.espalier.broker.EmbeddedBroker;
import io.espalier.streams.broker.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A broker in a process of its own, which can be killed without the JVM of the test. Its log stays: on one machine what was
 * written outlives the process in the page cache, as it outlives a broker's crash, not a machine's.
 */
final class BrokerProcess implements AutoCloseable {
    /**
     * A dead member of a group is missed within seconds. Transactions that nobody ends are looked for every 10 s, as is Kafka's
     * default: looked for every half a second, Kafka 4.3.1 aborts some after a start before it knows the leaders of their
     * partitions, takes those for deleted, and leaves them waiting for an end that never comes.
     */
    private static final Map<String, String> OVERRIDES = Map.of(
            "group.min.session.timeout.ms", "1000",
            "group.streams.min.session.timeout.ms", "1000",
            "group.streams.min.heartbeat.interval.ms", "200",
            "group.streams.session.timeout.ms", Integer.toString(Instance.SESSION_MS),
            "group.streams.heartbeat.interval.ms", "500");

    private final Path directory;
    private final Path log;
    private final int port;
    private ChildProcess process;

    BrokerProcess(Path directory, Path log) {
        this.directory = directory;
        this.log = log;
        this.port = Ports.free();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Returns when the port takes connections. */
    void start() throws InterruptedException {
        process = ChildProcess.start(
                BrokerProcess.class,
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of(directory.toString(), Integer.toString(port)),
                log);
        long end = System.nanoTime() + 60_000_000_000L;
        while (!takesConnections()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("the broker did not start: " + log);
            }
            Thread.sleep(100);
        }
    }

    /** SIGTERM: it closes its log. */
    void end() throws InterruptedException {
        process.end();
    }

    /** SIGKILL: its log is recovered at the next start. */
    void kill() throws InterruptedException {
        process.kill();
    }

    /** For whoever looks into a failure. */
    String logTail() {
        return LogTail.of(log);
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    /** {@code DIRECTORY PORT}: runs until the process is told to end. */
    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), OVERRIDES);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        new CountDownLatch(1).await();
    }
}
