package io.espalier.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker in a process of its own, a directory that goes with it, and what a benchmark asks of it. */
public final class Cluster implements AutoCloseable {
    private static final long DELETING_LIMIT_NANOS = 120_000_000_000L;

    private final Path work;
    private final ChildProcess broker;
    private final String bootstrap;
    private final Admin admin;

    private Cluster(Path work, ChildProcess broker, String bootstrap) {
        this.work = work;
        this.broker = broker;
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
    }

    /** {@code parent}: where the directory is made; it takes what the topics take. */
    public static Cluster start(Path parent) {
        try {
            Files.createDirectories(parent);
            Path work = Files.createTempDirectory(parent, "benchmark");
            ChildProcess broker = BrokerProcess.start(work);
            return new Cluster(work, broker, broker.await("listening", 60_000)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** For states and logs of the processes. */
    public Path work() {
        return work;
    }

    public void create(Collection<NewTopic> topics) {
        await(admin.createTopics(topics).all());
    }

    /** Deletes all topics whose name starts so, and waits until the broker has begun to delete their files, too. */
    public void delete(String prefix) {
        Collection<String> all = await(admin.listTopics().names());
        List<String> named =
                all.stream().filter(name -> name.startsWith(prefix)).toList();
        await(admin.deleteTopics(named).all());
        // The folder of a partition is TOPIC-NUMBER.
        waitWhileThereIs(folder -> named.contains(folder.replaceFirst("-[0-9]+$", "")));
    }

    /**
     * Waits until what the broker left to the system is written, and until the files of deleted topics of activations are gone:
     * whoever is measured next would pay for it.
     */
    public void settle() {
        // Kafka renames the folder of a partition that it deletes later.
        waitWhileThereIs(folder -> folder.contains("activations") && folder.endsWith("-delete"));
        try {
            if (new ProcessBuilder("sync").start().waitFor() != 0) {
                throw new IllegalStateException("sync failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void waitWhileThereIs(Predicate<String> folder) {
        long end = System.nanoTime() + DELETING_LIMIT_NANOS;
        while (isThere(folder)) {
            broker.requireAlive();
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the broker does not delete the files of topics that were deleted");
            }
            ChildProcess.pause(100);
        }
    }

    private boolean isThere(Predicate<String> folder) {
        try (Stream<Path> files = Files.walk(work, 3)) {
            return files.map(file -> file.getFileName().toString()).anyMatch(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            // A file went while it was looked at.
            return true;
        }
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
        try (Stream<Path> files = Files.walk(work)) {
            files.sorted(Comparator.reverseOrder()).forEach(Cluster::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the broker refused: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
