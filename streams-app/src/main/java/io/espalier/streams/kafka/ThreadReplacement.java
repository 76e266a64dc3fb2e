package io.espalier.streams.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces a thread that died, until too many have died in short time: then it is no accident, and all is shut down. */
public final class ThreadReplacement implements StreamsUncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacement.class);
    private static final int MOST = 5;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    private final String application;
    private final Clock clock;
    private final Consumer<String> givenUp;
    private final Deque<Long> deaths = new ArrayDeque<>();

    /**
     * For the threads of one application.
     *
     * @param givenUp told once, in one line, why no further thread is replaced; must return at once
     */
    public ThreadReplacement(String application, Clock clock, Consumer<String> givenUp) {
        this.application = application;
        this.clock = clock;
        this.givenUp = givenUp;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable exception) {
        long now = clock.millis();
        deaths.addLast(now);
        while (deaths.peekFirst() < now - WITHIN.toMillis()) {
            deaths.removeFirst();
        }
        if (deaths.size() > MOST) {
            LOG.error("{}: {} threads died within {}: shutting down", application, deaths.size(), WITHIN, exception);
            givenUp.accept(application + ": " + deaths.size() + " threads died within " + WITHIN + ", the last of "
                    + oneLine(exception));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.error("{}: a thread died and is replaced", application, exception);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
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
}
