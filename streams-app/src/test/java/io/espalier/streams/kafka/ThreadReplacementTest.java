package io.espalier.streams.kafka;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadReplacementTest {
    private final SettableClock clock = new SettableClock();
    private final List<String> givenUp = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final ThreadReplacement replacement = new ThreadReplacement("test", clock, new NotedPause(), givenUp::add);
    private final Exception death = new RuntimeException("wrapped", new IllegalStateException("on\npurpose"));

    @Test
    void replacesFiveThreadsAndShutsDownAtTheSixthInTenMinutes() {
        for (int deaths = 0; deaths < 5; deaths++) {
            assertThat(replacement.handle(death)).isEqualTo(REPLACE_THREAD);
        }
        assertThat(givenUp).isEmpty();
        assertThat(replacement.handle(death)).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(givenUp).containsExactly("test: 6 threads died within PT10M, the last of IllegalStateException: on");
    }

    @Test
    void pausesLongerEachTimeSoThatBrokersHaveHalfAMinute() {
        for (int deaths = 0; deaths < 6; deaths++) {
            replacement.handle(death);
        }
        assertThat(pauses)
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(16));
    }

    @Test
    void deathsOfLongAgoDoNotCount() {
        for (int deaths = 0; deaths < 20; deaths++) {
            assertThat(replacement.handle(death)).isEqualTo(REPLACE_THREAD);
            clock.now = clock.now.plus(Duration.ofMinutes(3));
        }
        assertThat(pauses).endsWith(Duration.ofSeconds(8), Duration.ofSeconds(8));
    }

    @Test
    void aPauseEndsWhenAllIsClosed() throws Exception {
        ThreadReplacement real = new ThreadReplacement("test", clock, givenUp::add);
        for (int deaths = 0; deaths < 2; deaths++) {
            CompletableFuture<?> handled = CompletableFuture.supplyAsync(() -> real.handle(death));
            real.close();
            handled.get(1, TimeUnit.SECONDS);
        }
    }

    private final class NotedPause implements ThreadReplacement.Pause {
        @Override
        public void take(Duration length) {
            pauses.add(length);
        }

        @Override
        public void end() {}
    }

    private static final class SettableClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
