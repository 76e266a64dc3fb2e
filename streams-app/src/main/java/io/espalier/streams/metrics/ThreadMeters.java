package io.espalier.streams.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** Stream threads that died and were replaced, both topologies together. */
public final class ThreadMeters {
    public static final String REPLACED = "espalier.stream.threads.replaced";

    private final Counter replaced;

    public ThreadMeters(MeterRegistry registry) {
        replaced = Counter.builder(REPLACED)
                .description("Stream threads that died and were replaced")
                .register(registry);
    }

    /** The same handler, whose replacements are counted. */
    public StreamsUncaughtExceptionHandler counting(StreamsUncaughtExceptionHandler handler) {
        return exception -> {
            StreamThreadExceptionResponse response = handler.handle(exception);
            if (response == StreamThreadExceptionResponse.REPLACE_THREAD) {
                replaced.increment();
            }
            return response;
        };
    }
}
