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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ThreadReplacementTest {
    private final SettableClock clock = new SettableClock();
    private final List<String> givenUp = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final ThreadReplacement replacement = new ThreadReplacement("test", clock, new NotedPause(), givenUp::add);
    private final Exception death = new RuntimeException("wrapped", new IllegalStateException("on\npurpose"));

    @Test
    void replacesThreadsFiveTimesAndShutsDownTheSixthTimeInTenMinutes() {
        for (int deaths = 0; deaths < 5; deaths++) {
            assertThat(replacement.handle(death)).isEqualTo(REPLACE_THREAD);
            clock.now = clock.now.plus(Duration.ofSeconds(20));
        }
        assertThat(givenUp).isEmpty();
        assertThat(replacement.handle(death)).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(givenUp)
                .containsExactly("test: threads died 6 times within PT10M, the last of IllegalStateException: on");
    }

    @Test
    void pausesLongerEachTimeSoThatBrokersHaveHalfAMinute() {
        for (int deaths = 0; deaths < 6; deaths++) {
            replacement.handle(death);
            clock.now = clock.now.plus(Duration.ofSeconds(20));
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
    void threadsThatDieTogetherCountOnceHoweverManyThereAre() {
        for (int deaths = 0; deaths < 100; deaths++) {
            assertThat(replacement.handle(death)).isEqualTo(REPLACE_THREAD);
        }
        clock.now = clock.now.plus(Duration.ofMillis(1999));
        assertThat(replacement.handle(death)).isEqualTo(REPLACE_THREAD);
        clock.now = clock.now.plus(Duration.ofMillis(1));
        replacement.handle(death);
        assertThat(pauses.subList(0, 3)).containsExactly(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(2));
        assertThat(pauses).endsWith(Duration.ofMillis(1), Duration.ofSeconds(4));
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
        List<Thread> dying = new ArrayList<>();
        for (int deaths = 0; deaths < 5; deaths++) {
            Thread thread = new Thread(() -> real.handle(death));
            dying.add(thread);
            thread.start();
            Thread.State awaited = deaths == 0 ? Thread.State.TERMINATED : Thread.State.TIMED_WAITING;
            Awaitility.await().until(() -> thread.getState() == awaited);
            clock.now = clock.now.plus(Duration.ofSeconds(20));
        }
        // The last one waits for 16 s.
        long start = System.nanoTime();
        real.close();
        for (Thread thread : dying) {
            thread.join();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
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
