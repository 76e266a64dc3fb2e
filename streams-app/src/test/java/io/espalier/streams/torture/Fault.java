package io.espalier.streams.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What is done to a cluster that is at work. Each returns when all that is to be started again has been started. */
enum Fault {
    /** SIGKILL of one of two instances, which is back at once. */
    ONE_KILLED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            Instance killed = any(cluster, chance);
            killed.kill();
            killed.start();
            return killed.toString();
        }
    },
    /** SIGKILL of the whole service. */
    ALL_KILLED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            for (Instance instance : cluster.instances) {
                instance.kill();
            }
            cluster.instances.forEach(Instance::start);
            return "both";
        }
    },
    /** The whole service, and all that it kept on its machines. */
    STATE_WIPED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            for (Instance instance : cluster.instances) {
                instance.kill();
                instance.wipe();
            }
            cluster.instances.forEach(Instance::start);
            return "both";
        }
    },
    /** An instance that stands still until others have its work, then goes on where it was: it must not be believed. */
    ONE_STALLED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            Instance stalled = any(cluster, chance);
            stalled.stall();
            int ms = Instance.SESSION_MS + 1000 + chance.nextInt(4000);
            Thread.sleep(ms);
            stalled.goOn();
            return stalled + " for " + ms + " ms";
        }
    },
    /** SIGKILL of an instance that stays away until the other has taken over, with the copy it kept where Kafka lets it. */
    STANDBY_PROMOTED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            Instance killed = any(cluster, chance);
            Instance left = cluster.other(killed);
            long before = left.timesSaid(RECYCLED);
            killed.kill();
            // Kafka 4.3.1 has a member drop its standby tasks before it is given them as active ones under the streams
            // protocol: what they held in memory is restored from the changelog then.
            boolean isKept = cluster.combination.protocol.equals("classic");
            Thread.sleep(Instance.SESSION_MS + 2000L);
            await(left + " has taken over")
                    .atMost(TortureCluster.LIMIT)
                    .until(() -> left.isReady() && (!isKept || left.timesSaid(RECYCLED) > before));
            killed.start();
            return left + ", " + (left.timesSaid(RECYCLED) - before) + " tasks kept";
        }
    },
    BROKER_RESTARTED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            cluster.broker.end();
            return startedLater(cluster.broker, chance);
        }
    },
    /** SIGKILL of the broker. */
    BROKER_KILLED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            cluster.broker.kill();
            return startedLater(cluster.broker, chance);
        }
    },
    /** By hand, one that the service writes: it says so, ends, and makes it anew when it is started again. */
    OUTPUT_DELETED {
        @Override
        String strike(TortureCluster cluster, Random chance) throws Exception {
            Topics topics = cluster.installation.topics;
            List<String> outputs = List.of(topics.expressiveness(), topics.recommendations(), topics.deadLetters());
            String deleted = outputs.get(chance.nextInt(outputs.size()));
            cluster.delete(deleted);
            await("both end, since " + deleted + " is gone")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> cluster.instances.stream().noneMatch(Instance::isAlive));
            for (Instance instance : cluster.instances) {
                assertThat(instance.exitCode()).as("exit code of %s", instance).isEqualTo(1);
                assertThat(instance.lastLine()).startsWith("failed: ").contains(deleted);
                instance.start();
            }
            return deleted;
        }
    };

    /** What Kafka Streams logs of a standby task that becomes an active one with the state it has. */
    private static final String RECYCLED = "Closed and recycled state";

    /**
     * Does it.
     *
     * @param chance chooses whom, and how long
     * @return what was done to whom, for the log
     */
    abstract String strike(TortureCluster cluster, Random chance) throws Exception;

    private static String startedLater(BrokerProcess broker, Random chance) throws Exception {
        int ms = chance.nextInt(3000);
        Thread.sleep(ms);
        broker.start();
        return "after " + ms + " ms";
    }

    private static Instance any(TortureCluster cluster, Random chance) {
        return cluster.instances.get(chance.nextInt(cluster.instances.size()));
    }
}
