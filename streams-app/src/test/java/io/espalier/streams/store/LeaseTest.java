package io.espalier.streams.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.junit.jupiter.api.Test;

final class LeaseTest {
    private long nowMs = 5;
    private long suspendedMs = 1_000_000;

    @Test
    void isKeptByAThreadThatIsSeenOftenEnough() {
        Lease lease = lease(Map.of("session.timeout.ms", "6000"));
        for (int second = 0; second < 100; second++) {
            nowMs += 4000;
            assertThatCode(lease::renew).doesNotThrowAnyException();
        }
    }

    @Test
    void isLostForGoodByAThreadThatStoodStill() {
        Lease lease = lease(Map.of("session.timeout.ms", "6000"));
        nowMs += 4001;
        for (int renewal = 0; renewal < 2; renewal++) {
            assertThatThrownBy(lease::renew)
                    .isInstanceOf(TaskMigratedException.class)
                    .hasMessageContaining("stood still for 4001 ms");
        }
    }

    @Test
    void isLostOnAMachineThatWasSuspendedThoughItsUptimeDidNotGoOn() {
        Lease lease = lease(Map.of("session.timeout.ms", "6000"));
        suspendedMs += 4001;
        assertThatThrownBy(lease::renew).isInstanceOf(TaskMigratedException.class);
    }

    @Test
    void isKeptWhenTheTimeOfDayIsPutBack() {
        Lease lease = lease(Map.of("session.timeout.ms", "6000"));
        suspendedMs -= 500_000;
        assertThatCode(lease::renew).doesNotThrowAnyException();
        nowMs += 4001;
        assertThatThrownBy(lease::renew).isInstanceOf(TaskMigratedException.class);
    }

    @Test
    void takesTheTimeoutOfTheMainConsumerBeforeOthersAndKafkasWithoutAny() {
        Lease narrow = lease(Map.of(
                "session.timeout.ms",
                "60000",
                "consumer.session.timeout.ms",
                30_000,
                "main.consumer.session.timeout.ms",
                3000));
        nowMs += 2001;
        assertThatThrownBy(narrow::renew).isInstanceOf(TaskMigratedException.class);
        Lease usual = lease(Map.of());
        nowMs += 30_000;
        assertThatCode(usual::renew).doesNotThrowAnyException();
        nowMs += 30_001;
        assertThatThrownBy(usual::renew).isInstanceOf(TaskMigratedException.class);
    }

    @Test
    void exactlyOnceItNeverEndsSinceBrokersFence() {
        Lease lease = lease(Map.of("session.timeout.ms", "6000", "processing.guarantee", "exactly_once_v2"));
        nowMs += TimeUnit.DAYS.toMillis(1000);
        assertThatCode(lease::renew).doesNotThrowAnyException();
    }

    private Lease lease(Map<String, Object> configs) {
        Lease lease = Lease.of(
                new HashMap<>(configs),
                () -> new Lease.Moment(TimeUnit.MILLISECONDS.toNanos(nowMs), nowMs + suspendedMs));
        nowMs += TimeUnit.HOURS.toMillis(1);
        assertThatCode(lease::renew).as("while state is restored").doesNotThrowAnyException();
        lease.start();
        return lease;
    }
}
