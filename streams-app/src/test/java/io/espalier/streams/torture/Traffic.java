package io.espalier.streams.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.codec.Codecs;
import io.espalier.streams.broker.TopicClient;
import io.espalier.streams.testing.BruteForceOracle;
import io.espalier.streams.testing.Models;
import io.espalier.streams.testing.RandomTraffic;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Batches of the present time, sent from a thread of its own and counted by oracles that share no code with the service.
 * Beside random ones those of a registered model whose plan is beyond doubt, a new version with each call of {@link #plant}.
 */
final class Traffic implements AutoCloseable {
    /** What the planner needs to be sure, and half as much again. */
    private static final int PLANTED_SAMPLES = 1200;

    private static final int PLANTED_BATCH = 10;
    private static final int PLANTED_POSITIONS = 4;
    private static final int SHARDS = 7;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final TopicClient client;
    private final Topics topics;
    private final RandomTraffic random;
    private final Map<ShardKey, BruteForceOracle> planted = new LinkedHashMap<>();
    private final Queue<ActivationBatch> waiting = new ArrayDeque<>();
    private final Thread sender = new Thread(this::run, "torture-traffic");
    private boolean flows;
    private boolean closed;
    private long sent;

    /** Starts nothing before {@link #flow}. */
    Traffic(TopicClient client, Topics topics, long seed) {
        this.client = client;
        this.topics = topics;
        this.random = new RandomTraffic(seed, SHARDS);
        sender.start();
    }

    synchronized void flow() {
        flows = true;
    }

    /** Stops; returns when the brokers have all that was sent, and what is planted has been sent. */
    synchronized void pause() throws InterruptedException, ExecutionException {
        flows = false;
        while (!waiting.isEmpty()) {
            send(waiting.remove());
        }
        client.flush();
    }

    /** So many that each random shard has one; while it is paused. */
    synchronized void sendMore() throws InterruptedException, ExecutionException {
        for (int batch = 0; batch < SHARDS * SHARDS; batch++) {
            send(random.next());
        }
        client.flush();
    }

    /** Registers a version of the small model and has samples of it sent: unit u is on in a share of u / 16. */
    synchronized void plant(String version) {
        client.send(
                topics.models(),
                null,
                (Models.MODEL + "@" + version).getBytes(UTF_8),
                Codecs.MODEL_DESCRIPTOR.encode(Models.descriptor(version)));
        ShardKey shard = new ShardKey(Models.MODEL, version, Models.POINT, 0);
        BruteForceOracle oracle = new BruteForceOracle(Models.UNITS, PLANTED_POSITIONS);
        BatchBuilder builder = new BatchBuilder(shard, Models.UNITS, PLANTED_POSITIONS, "torture");
        for (int sample = 1; sample <= PLANTED_SAMPLES; sample++) {
            float[] values = new float[Models.UNITS * PLANTED_POSITIONS];
            for (int bit = 0; bit < values.length; bit++) {
                values[bit] = sample % 16 < bit / PLANTED_POSITIONS ? 1 : -1;
            }
            builder.add(values, 0);
            if (sample % PLANTED_BATCH == 0) {
                ActivationBatch batch = builder.build();
                oracle.add(batch);
                waiting.add(batch);
            }
        }
        planted.put(shard, oracle);
    }

    /** Of each shard that was sent; while it is paused. */
    synchronized Map<ShardKey, BruteForceOracle> oracles() {
        Map<ShardKey, BruteForceOracle> all = random.oracles();
        all.putAll(planted);
        return all;
    }

    /** Batches so far. */
    synchronized long sent() {
        return sent;
    }

    private void run() {
        while (sendNext()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private synchronized boolean sendNext() {
        if (flows) {
            send(waiting.isEmpty() || sent % 2 == 0 ? random.next() : waiting.remove());
        }
        return !closed;
    }

    private void send(ActivationBatch batch) {
        client.send(
                topics.activations(),
                Instant.now().toEpochMilli(),
                RandomTraffic.key(batch).toString().getBytes(UTF_8),
                batch.toByteArray());
        sent++;
    }

    /** Sends no more. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
