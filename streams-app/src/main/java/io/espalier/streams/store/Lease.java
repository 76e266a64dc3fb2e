package io.espalier.streams.store;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.TaskMigratedException;

/**
 * For how long a thread that stood still may go on as if it still had its tasks. Exactly once, brokers refuse what a member
 * writes that was given up meanwhile. At least once nobody does: its panes, older than those of the member that has taken
 * over, would be the last in the changelog, and whoever restores them has lost what lies between. So it asks the clock.
 *
 * <p>Two thirds of the session timeout: the last heartbeat may have been sent one of its intervals, a third at most, before
 * the thread was last seen.
 */
final class Lease {
    private static final String DEFAULT_SESSION_MS = "45000";

    private final long nanos;
    private final Supplier<Moment> clock;
    private Moment seen;

    private Lease(long nanos, Supplier<Moment> clock) {
        this.nanos = nanos;
        this.clock = clock;
    }

    /**
     * Has not started: until it does it cannot end, however long state is restored.
     *
     * @param configs of the Kafka Streams application
     * @param clock {@link Moment#now}
     */
    static Lease of(Map<String, Object> configs, Supplier<Moment> clock) {
        Object guarantee = configs.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
        if (StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee)) {
            return new Lease(Long.MAX_VALUE, clock);
        }
        String name = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
        Object session = configs.get(StreamsConfig.mainConsumerPrefix(name));
        session = session == null ? configs.get(StreamsConfig.consumerPrefix(name)) : session;
        session = session == null ? configs.getOrDefault(name, DEFAULT_SESSION_MS) : session;
        Duration length = Duration.ofMillis(Long.parseLong(session.toString()))
                .multipliedBy(2)
                .dividedBy(3);
        return new Lease(length.toNanos(), clock);
    }

    /** The thread has its tasks from now on. */
    void start() {
        seen = clock.get();
    }

    /**
     * The thread is alive.
     *
     * @throws TaskMigratedException when it stood still for so long that others may have them: Kafka Streams then closes them
     *     without a write, and joins the group anew
     */
    void renew() {
        if (seen == null) {
            return;
        }
        Moment now = clock.get();
        long gap = now.nanosSince(seen);
        if (gap > nanos) {
            throw new TaskMigratedException(
                    "this thread stood still for " + gap / 1_000_000 + " ms, and others may have its tasks after "
                            + nanos / 1_000_000 + " (two thirds of session.timeout.ms)",
                    new IllegalStateException("stalled"));
        }
        seen = now;
    }

    /**
     * What two clocks say: {@link System#nanoTime} goes on while a process is stopped, and not while its machine is; the time of
     * day is put right once the machine goes on.
     */
    record Moment(long nanos, long timeOfDayMs) {
        static Moment now() {
            return new Moment(System.nanoTime(), System.currentTimeMillis());
        }

        /** By the clock that says more: to give up tasks for nothing costs a restore, not to give them up costs samples. */
        private long nanosSince(Moment before) {
            return Math.max(nanos - before.nanos, (timeOfDayMs - before.timeOfDayMs) * 1_000_000);
        }
    }
}
