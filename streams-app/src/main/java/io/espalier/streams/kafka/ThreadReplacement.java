package io.espalier.streams.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a thread that died, until too many have died in short time: then it is no accident, and all is shut down.
 *
 * <p>The first is replaced at once, each later one after twice the pause of the one before: what the brokers put right within
 * half a minute, a coordinator that does not know a topic yet, must not use up all threads in half a second.
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
        int died = died();
        if (died > MOST) {
            LOG.error("{}: {} threads died within {}: shutting down", application, died, WITHIN, exception);
            givenUp.accept(application + ": " + died + " threads died within " + WITHIN + ", the last of "
                    + oneLine(exception));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Duration length = died == 1 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << (died - 2));
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

    private synchronized int died() {
        long now = clock.millis();
        deaths.addLast(now);
        while (deaths.peekFirst() < now - WITHIN.toMillis()) {
            deaths.removeFirst();
        }
        return deaths.size();
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
