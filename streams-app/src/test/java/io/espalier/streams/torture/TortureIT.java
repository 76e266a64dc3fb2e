package io.espalier.streams.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.streams.broker.TopicClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults of every {@link Fault kind} strike two instances and their broker while traffic goes on; after each, what is counted
 * and recommended is compared with what was sent.
 *
 * <p>A build takes one of each kind. One hundred, as for a release, and the same ones again:
 *
 * <pre>
 * mvn -pl streams-app -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dit.test=TortureIT -Dfailsafe.failIfNoSpecifiedTests=false \
 *     -Despalier.torture.faults=100 [-Despalier.torture.seed=SEED]
 * </pre>
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGSTOP")
final class TortureIT {
    private static final Logger LOG = LoggerFactory.getLogger(TortureIT.class);

    @TempDir
    private Path directory;

    @Test
    void exactlyOnceUnderTheClassicProtocol() throws Exception {
        torture(Combination.EXACTLY_ONCE_CLASSIC);
    }

    @Test
    void exactlyOnceUnderTheStreamsProtocol() throws Exception {
        torture(Combination.EXACTLY_ONCE_STREAMS);
    }

    @Test
    void atLeastOnceUnderTheClassicProtocol() throws Exception {
        torture(Combination.AT_LEAST_ONCE_CLASSIC);
    }

    @Test
    void atLeastOnceUnderTheStreamsProtocol() throws Exception {
        torture(Combination.AT_LEAST_ONCE_STREAMS);
    }

    private void torture(Combination combination) throws Exception {
        Schedule schedule = Schedule.configured();
        List<Fault> faults = schedule.of(combination);
        Random chance = schedule.chance(combination);
        LOG.info("{}: {} faults of {}", combination, faults.size(), schedule);
        try (TortureCluster cluster = new TortureCluster(directory, combination);
                TopicClient client = new TopicClient(cluster.broker.bootstrapServers());
                Traffic traffic = new Traffic(client, cluster.installation.topics, schedule.seed());
                Verdict verdict = new Verdict(cluster, client, traffic, combination.isExactlyOnce())) {
            cluster.start();
            await().atMost(TortureCluster.LIMIT).until(() -> client.isReady(cluster.installation.topics.activations()));
            for (int index = 0; index < faults.size(); index++) {
                strike(faults.get(index), index, cluster, traffic, verdict, chance);
            }
            LOG.info(
                    "{}: {} faults survived, {} shards compared, {} of {} batches' samples counted twice, {} plans twice, {} transactions ended by hand",
                    combination,
                    faults.size(),
                    verdict.compared(),
                    verdict.tooMany(),
                    traffic.sent(),
                    verdict.plansTwice(),
                    verdict.hanging());
        }
    }

    private static void strike(
            Fault fault, int index, TortureCluster cluster, Traffic traffic, Verdict verdict, Random chance)
            throws Exception {
        long start = System.nanoTime();
        String version = Integer.toString(index + 1);
        try {
            traffic.flow();
            if (fault != Fault.OUTPUT_DELETED) {
                traffic.plant(version);
            }
            Thread.sleep(300L + chance.nextInt(1500));
            long threadsBefore = cluster.timesSaid("a thread died");
            String whom = fault.strike(cluster, chance);
            if (fault == Fault.OUTPUT_DELETED) {
                verdict.outputDeleted();
                traffic.plant(version);
            }
            Thread.sleep(chance.nextInt(2000));
            traffic.pause();
            verdict.compare(version);
            LOG.info(
                    "{} {} ({}): {} ms, {} threads replaced, too many {}",
                    index + 1,
                    fault,
                    whom,
                    Duration.ofNanos(System.nanoTime() - start).toMillis(),
                    cluster.timesSaid("a thread died") - threadsBefore,
                    verdict.tooMany());
            assertThat(cluster.takeExits())
                    .as("instances that ended by themselves")
                    .isEmpty();
        } catch (Throwable e) {
            LOG.error("fault {}, {}, exits {}\n{}", index + 1, fault, cluster.takeExits(), Diagnosis.of(cluster));
            throw e;
        }
    }
}
