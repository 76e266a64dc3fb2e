package io.espalier.streams.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a topic was deleted by hand. Kafka's clients take it for one that is yet to come, and wait for it: a producer
 * for two minutes, and under exactly-once in front of every commit, without a word that names the cause.
 */
public final class TopicWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Supplier<Optional<Set<String>>> missingNow;
    private final Consumer<String> deleted;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> names;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Set<String> missedLast = Set.of();

    /**
     * Looks at nothing before {@link #start}.
     *
     * @param plan topics that are there when it starts, and that the next start makes anew
     * @param deleted told in one line what is gone and what to do, again and again; must return at once
     */
    public TopicWatch(Cluster cluster, TopicPlan plan, List<InternalTopics> applications, Consumer<String> deleted) {
        this(names(plan, applications), cluster, deleted);
        seen.addAll(plan.names());
    }

    private TopicWatch(Set<String> names, Cluster cluster, Consumer<String> deleted) {
        this(names, () -> cluster.missing(names, INTERVAL), deleted);
    }

    /** {@code missingNow}: which of the names the brokers do not know; empty when they do not say. */
    TopicWatch(Collection<String> names, Supplier<Optional<Set<String>>> missingNow, Consumer<String> deleted) {
        this.names = Set.copyOf(names);
        this.missingNow = missingNow;
        this.deleted = deleted;
    }

    public void start() {
        Thread thread = new Thread(this::run, "espalier-topic-watch");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        try {
            while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            LOG.warn("topics are no longer watched", e);
        }
    }

    /** Only what was there once can have been deleted, and a broker that is just starting may know less than the others. */
    void look() {
        Optional<Set<String>> answer = missingNow.get();
        if (answer.isEmpty()) {
            return;
        }
        Set<String> missing = new HashSet<>(answer.get());
        missing.retainAll(seen);
        names.stream().filter(name -> !answer.get().contains(name)).forEach(seen::add);
        missing.stream().filter(missedLast::contains).sorted().findFirst().ifPresent(name -> {
            String line = describe(name);
            LOG.error("{}", line);
            deleted.accept(line);
        });
        missedLast = missing;
    }

    private static String describe(String name) {
        return "topic " + name + " was deleted: "
                + (InternalTopics.isChangelog(name)
                        ? "the state on it is lost; stop all instances, and count anew what is still there by"
                                + " espalier streams reset --config FILE --execute"
                        : "the next start makes it anew");
    }

    private static Set<String> names(TopicPlan plan, List<InternalTopics> applications) {
        Set<String> names = new HashSet<>(plan.names());
        applications.forEach(application -> names.addAll(application.names()));
        return names;
    }
}
