package io.espalier.streams.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces threads that died, until they have died too often in short time: then it is no accident, and all is shut down.
 *
 * <p>The first is replaced at once, later ones after pauses, each twice as long as the one before: what the brokers put right
 * within half a minute, a coordinator that does not know a topic yet, must not use up all threads in half a second. Threads that
 * die during a pause wait for its end and do not count: they died of what the first one did, and nobody has tried again.
 */
public final class ThreadReplacement implements StreamsUncaughtExceptionHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacement.class);
    private static final int MOST = 5;
    private static final Duration WITHIN = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private final String application;
    private final Clock clock;
    private final Pause pause;
    private final Consumer<String> givenUp;
    private final Deque<Long> deaths = new ArrayDeque<>();
    private long pausedUntilMs;

    /** Waits so long, or less once there is nothing to wait for. */
    interface Pause {
        void take(Duration length) throws InterruptedException;

        /** From now on there is nothing to wait for. */
        void end();
    }

    /**
     * For the threads of one application.
     *
     * @param givenUp told once, in one line, why no further thread is replaced; must return at once
     */
    public ThreadReplacement(String application, Clock clock, Consumer<String> givenUp) {
        this(application, clock, new UntilEnded(), givenUp);
    }

    ThreadReplacement(String application, Clock clock, Pause pause, Consumer<String> givenUp) {
        this.application = application;
        this.clock = clock;
        this.pause = pause;
        this.givenUp = givenUp;
    }

    /** Called by the thread that dies, and it keeps its work until this returns. */
    @Override
    public StreamThreadExceptionResponse handle(Throwable exception) {
        Optional<Duration> allowed = pauseAfterDeath();
        if (allowed.isEmpty()) {
            LOG.error("{}: threads died {} times within {}: shutting down", application, MOST + 1, WITHIN, exception);
            givenUp.accept(application + ": threads died " + (MOST + 1) + " times within " + WITHIN + ", the last of "
                    + oneLine(exception));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Duration length = allowed.get();
        LOG.error("{}: a thread died and is replaced in {}", application, length, exception);
        try {
            pause.take(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Ends all pauses: a thread that takes one could not be waited for. */
    @Override
    public void close() {
        pause.end();
    }

    /** Empty when there were too many. */
    private synchronized Optional<Duration> pauseAfterDeath() {
        long now = clock.millis();
        if (now < pausedUntilMs) {
            return Optional.of(Duration.ofMillis(pausedUntilMs - now));
        }
        deaths.addLast(now);
        while (deaths.peekFirst() < now - WITHIN.toMillis()) {
            deaths.removeFirst();
        }
        int died = deaths.size();
        if (died > MOST) {
            return Optional.empty();
        }
        Duration pause = died == 1 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << (died - 2));
        pausedUntilMs = now + pause.toMillis();
        return Optional.of(pause);
    }

    /** Kafka Streams wraps what went wrong several times over. */
    private static String oneLine(Throwable exception) {
        Throwable cause = exception;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return cause.getClass().getSimpleName() + ": " + message;
    }

    private static final class UntilEnded implements Pause {
        private final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public void take(Duration length) throws InterruptedException {
            if (ended.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("a pause ends early, since all is closed");
            }
        }

        @Override
        public void end() {
            ended.countDown();
        }
    }
}
