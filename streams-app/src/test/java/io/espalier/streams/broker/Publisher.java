package io.espalier.streams.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.streams.testing.RandomTraffic;
import java.time.Instant;

/** Sends traffic of the present time, as a sidecar would. */
final class Publisher {
    private final TopicClient client;
    private final String topic;
    private final RandomTraffic traffic;
    private long sent;

    Publisher(TopicClient client, String topic, RandomTraffic traffic) {
        this.client = client;
        this.topic = topic;
        this.traffic = traffic;
    }

    /** Returns when the brokers have it. */
    void publish(int batches) throws Exception {
        for (int index = 0; index < batches; index++) {
            ActivationBatch batch = traffic.next();
            client.send(
                    topic,
                    Instant.now().toEpochMilli(),
                    RandomTraffic.key(batch).toString().getBytes(UTF_8),
                    batch.toByteArray());
        }
        client.flush();
        sent += batches;
    }

    /** Batches so far. */
    long sent() {
        return sent;
    }
}
