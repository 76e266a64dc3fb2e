package io.espalier.streams;

import io.espalier.streams.kafka.ThreadReplacement;
import io.espalier.streams.metrics.ThreadMeters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** The Kafka Streams applications of the service, which begin and end together and whose threads are replaced. */
final class StreamsApplications {
    private final List<KafkaStreams> all = new ArrayList<>();
    private final List<ThreadReplacement> replacements = new ArrayList<>();
    private final ThreadMeters threads;
    private final Consumer<String> failed;

    /**
     * None yet.
     *
     * @param failed told in one line when an application cannot go on; must return at once
     */
    StreamsApplications(ThreadMeters threads, Consumer<String> failed) {
        this.threads = threads;
        this.failed = failed;
    }

    /** Owned by this, and not started. */
    KafkaStreams add(Topology topology, Properties properties) {
        String id = properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
        KafkaStreams streams = new KafkaStreams(topology, properties);
        ThreadReplacement replacement = new ThreadReplacement(id, Clock.systemUTC(), failed);
        streams.setUncaughtExceptionHandler(threads.counting(replacement));
        streams.setStateListener((state, before) -> {
            if (state == KafkaStreams.State.ERROR) {
                failed.accept(id + " has shut down: the log has the cause");
            }
        });
        replacements.add(replacement);
        all.add(streams);
        return streams;
    }

    List<KafkaStreams> all() {
        return List.copyOf(all);
    }

    void start() {
        all.forEach(KafkaStreams::start);
    }

    boolean areRunning() {
        return all.stream().allMatch(application -> application.state() == KafkaStreams.State.RUNNING);
    }

    /** Commits and stops, as far as {@code end} allows. */
    void close(Instant end) {
        replacements.forEach(ThreadReplacement::close);
        // All are told before one is waited for: one that hangs at a broker that is gone would leave the others no
        // time.
        all.forEach(application -> application.close(leaving(Duration.ZERO)));
        all.forEach(application -> application.close(leaving(until(end))));
    }

    static Duration until(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** State is in memory and restored wherever a task goes next: to be waited for would only keep others from it. */
    private static CloseOptions leaving(Duration limit) {
        return CloseOptions.timeout(limit).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
    }
}
