package io.espalier.streams.compressor;

import io.espalier.protocol.Topics;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.VersionMeters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns recommendations into versions, one after the other, on a thread of its own: building and running a model takes
 * minutes at worst, which no stream thread may.
 */
public final class Compressor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compressor.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final String group;
    private final ClientProperties clients;
    private final Topics topics;
    private final CompressorLimits limits;
    private final Path lockFile;
    private final VersionFactory factory;
    private final VersionMaker maker;
    private final VersionMeters versions;
    private final DeadLetterMeters deadLetters;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private JobLock lock;
    private volatile CompressorSession session;

    /**
     * Not running before {@link #start}.
     *
     * @param group consumer group
     * @param artifacts folder for the versions
     * @param lockFile compressors of the same file do one job at a time
     * @param factory closed with this
     */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it; see where it is set.
    public Compressor(
            String group,
            ClientProperties clients,
            Topics topics,
            Path artifacts,
            CompressorLimits limits,
            Path lockFile,
            VersionFactory factory,
            VersionMeters versions,
            DeadLetterMeters deadLetters) {
        this.group = group;
        this.clients = clients;
        this.topics = topics;
        this.limits = limits;
        this.lockFile = lockFile;
        this.factory = factory;
        this.maker = new VersionMaker(
                artifacts,
                limits.comparedInputs(),
                factory,
                new VersionSizes(factory, limits.recovery().minInputs(), this::isClosing),
                new VersionRecovery(factory, limits.recovery().minInputs(), this::isClosing));
        this.versions = versions;
        this.deadLetters = deadLetters;
        this.thread = new Thread(this::run, "espalier-compressor");
        // A build cannot be interrupted; it must not keep a process that was told to end.
        this.thread.setDaemon(true);
        // Linux heeds it with -XX:ThreadPriorityPolicy=1 only; what keeps processors for others is how few are taken.
        this.thread.setPriority(Thread.MIN_PRIORITY);
    }

    /** Throws {@link io.espalier.settings.SettingsException} when the lock's file cannot be written. */
    public void start() {
        lock = JobLock.open(lockFile);
        thread.start();
    }

    /** Whether it takes recommendations, or tries to: it goes on through any failure of a job or of the brokers. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * Stops a recovery, and waits for the version at work, at most {@code limit}; what is not finished is made anew at the
     * next start.
     */
    public void close(Duration limit) {
        closing.countDown();
        CompressorSession open = session;
        if (open != null) {
            open.stop();
        }
        try {
            // A join of 0 would wait for ever.
            thread.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            factory.close();
            if (lock != null) {
                lock.close();
            }
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    private void run() {
        boolean stopped = false;
        while (!stopped) {
            try (CompressorSession opened =
                    new CompressorSession(group, clients, topics, limits, lock, maker, versions, deadLetters)) {
                session = opened;
                opened.runUntil(this::isClosing);
            } catch (StoppedException e) {
                LOG.info("the version at work is made anew at the next start");
            } catch (RuntimeException | Error e) {
                // Brokers come back, and a fenced transaction was taken over: start again from the committed offset.
                // An error would end the thread unseen, for nothing waits for it.
                LOG.error("the compressor starts again in {}", RETRY, e);
            }
            stopped = closed(RETRY);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private boolean closed(Duration wait) {
        try {
            return closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
