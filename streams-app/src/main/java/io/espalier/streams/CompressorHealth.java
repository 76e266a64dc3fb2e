package io.espalier.streams;

import io.espalier.streams.compressor.Compressor;
import io.espalier.streams.http.Health;
import io.espalier.streams.kafka.Cluster;
import java.time.Duration;
import java.util.Optional;

/** Health from the compressor's thread and an answer of the broker; whether there is something to compress plays no part. */
final class CompressorHealth implements Health {
    private static final Duration BROKER_LIMIT = Duration.ofSeconds(2);

    private final Compressor compressor;
    private final Cluster cluster;

    CompressorHealth(Compressor compressor, Cluster cluster) {
        this.compressor = compressor;
        this.cluster = cluster;
    }

    @Override
    public Optional<String> dead() {
        return compressor.isAlive()
                ? Optional.empty()
                : Optional.of("the compressor's thread has ended: restart, and read the log for the cause");
    }

    @Override
    public Optional<String> notReady() {
        return cluster.isReachable(BROKER_LIMIT)
                ? Optional.empty()
                : Optional.of("no broker answers within " + BROKER_LIMIT);
    }
}
