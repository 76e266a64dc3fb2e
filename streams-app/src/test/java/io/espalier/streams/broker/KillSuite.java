package io.espalier.streams.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.streams.testing.RandomTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The test that only a real broker and a real kill can make: whatever dies when, each sample counts once. */
abstract class KillSuite {
    private static final Logger LOG = LoggerFactory.getLogger(KillSuite.class);
    private static final int BATCHES = 20_000;
    private static final int SHARDS = 7;
    private static final int BATCHES_PER_SECOND = 600;
    private static final int KILLS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    abstract TestBroker startBroker(Path brokerDirectory);

    @Test
    void countsEverySampleOnceThroughKillsAndALossOfLocalState() throws Exception {
        long seed = Long.getLong("espalier.test.seed", System.nanoTime());
        LOG.info("seed {} (repeat with -Despalier.test.seed={})", seed, seed);
        Random chance = new Random(seed);
        RandomTraffic traffic = new RandomTraffic(seed, SHARDS);
        try (TestBroker broker = startBroker(directory.resolve("broker"));
                TopicClient client = new TopicClient(broker.bootstrapServers())) {
            Installation installation = new Installation(broker, directory);
            Path settings = installation.settingsFile(installation.settings());
            Path log = installation.directory.resolve("child.log");
            String group = installation.applicationId + "-overlap";
            StreamsProcess child = StreamsProcess.start(settings, log);
            AtomicBoolean killing = new AtomicBoolean(true);
            try {
                await().atMost(LIMIT).until(() -> client.isReady(installation.topics.activations()));
                Thread publisher =
                        new Thread(() -> publish(traffic, client, installation.topics.activations(), killing));
                publisher.start();

                long committed = 0;
                for (int kill = 1; kill <= KILLS; kill++) {
                    long before = committed;
                    await().atMost(LIMIT)
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> client.committed(group, installation.topics.activations()) > before + 500);
                    Thread.sleep(chance.nextInt(1200));
                    assertThat(child.isAlive()).as("alive until it is killed").isTrue();
                    assertThat(publisher.isAlive()).as("killed in the middle").isTrue();
                    child.kill();
                    committed = client.committed(group, installation.topics.activations());
                    LOG.info("kill {}: {} of {} batches were committed", kill, committed, BATCHES);
                    if (kill == KILLS - 1) {
                        delete(installation.stateDir());
                    }
                    child = StreamsProcess.start(settings, log);
                }
                killing.set(false);
                publisher.join();
                client.flush();
                PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
                assertThat(client.read(installation.topics.deadLetters(), Duration.ofSeconds(2), read -> false))
                        .isEmpty();
                assertThat(child.end()).as("exit code after SIGTERM").isIn(0, 143);
            } catch (Throwable e) {
                LOG.error("the child's log:\n{}", tail(log));
                throw e;
            } finally {
                killing.set(false);
                child.close();
            }
        }
    }

    /** So many batches, and on a machine so slow that they would not last, on until the last kill. */
    private static void publish(RandomTraffic traffic, TopicClient client, String topic, AtomicBoolean killing) {
        // A pane that ends a minute ago and those before it: late by no window, never in the future.
        long base = Instant.now().toEpochMilli() - Duration.ofMinutes(10).toMillis();
        Random jitter = new Random(base);
        long start = System.nanoTime();
        for (int index = 0; index < BATCHES || killing.get(); index++) {
            ActivationBatch batch = traffic.next();
            long eventMs = base
                    + Math.min(index, BATCHES) * Duration.ofMinutes(8).toMillis() / BATCHES
                    + jitter.nextInt(90_000);
            client.send(topic, eventMs, RandomTraffic.key(batch).toString().getBytes(UTF_8), batch.toByteArray());
            long due = start + index * 1_000_000_000L / BATCHES_PER_SECOND;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            // Stores in memory leave nothing behind; should they ever move to disk, this is where it shows.
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 200), lines.size()));
    }
}
