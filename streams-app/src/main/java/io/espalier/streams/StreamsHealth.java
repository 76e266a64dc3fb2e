package io.espalier.streams;

import io.espalier.streams.http.Health;
import io.espalier.streams.kafka.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** Health from the states of the streams and an answer of the broker; whether there is traffic plays no part. */
final class StreamsHealth implements Health {
    private static final Duration BROKER_LIMIT = Duration.ofSeconds(2);

    private final List<KafkaStreams> streams;
    private final Cluster cluster;

    StreamsHealth(List<KafkaStreams> streams, Cluster cluster) {
        this.streams = List.copyOf(streams);
        this.cluster = cluster;
    }

    @Override
    public Optional<String> dead() {
        return streams.stream()
                .map(KafkaStreams::state)
                .filter(state -> state.isShuttingDown() || state.hasCompletedShutdown())
                .findFirst()
                .map(state -> "the streams are in state " + state + ": restart, and read the log for the cause");
    }

    @Override
    public Optional<String> notReady() {
        Optional<String> notRunning = streams.stream()
                .map(KafkaStreams::state)
                .filter(state -> state != KafkaStreams.State.RUNNING)
                .findFirst()
                .map(state -> "the streams are in state " + state);
        return notRunning.or(() -> cluster.isReachable(BROKER_LIMIT)
                ? Optional.empty()
                : Optional.of("no broker answers within " + BROKER_LIMIT));
    }
}
