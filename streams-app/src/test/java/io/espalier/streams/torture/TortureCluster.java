package io.espalier.streams.torture;

import static org.awaitility.Awaitility.await;

import io.espalier.streams.broker.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** A broker and two instances of the service that keep each other's state, each in a process of its own. */
final class TortureCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(3);

    final Installation installation;
    final Combination combination;
    final BrokerProcess broker;
    final List<Instance> instances;

    private final List<String> exits = new ArrayList<>();

    /** Starts the broker; the instances are started by {@link #start}. */
    TortureCluster(Path directory, Combination combination) throws InterruptedException {
        this.combination = combination;
        broker = new BrokerProcess(directory.resolve("broker"), directory.resolve("broker.log"));
        broker.start();
        installation = new Installation(broker.bootstrapServers(), directory);
        Map<String, String> settings = settings(combination);
        instances = List.of(new Instance("one", installation, settings), new Instance("two", installation, settings));
    }

    private Map<String, String> settings(Combination combination) {
        Map<String, String> settings = installation.settings();
        settings.put("espalier.kafka.session.timeout.ms", Integer.toString(Instance.SESSION_MS));
        settings.put("espalier.kafka.heartbeat.interval.ms", "500");
        // What a killed instance left open is in the way of all others until it times out.
        settings.put("espalier.kafka.producer.transaction.timeout.ms", "5000");
        settings.put("espalier.processing.guarantee", combination.guarantee);
        settings.put("espalier.group.protocol", combination.protocol);
        settings.put("espalier.standby-replicas", "1");
        settings.put("espalier.commit.interval", "PT0.3S");
        settings.put("espalier.plan.interval", "PT0.3S");
        settings.put("espalier.shutdown.timeout", "PT10S");
        // Panes so short that a fault outlasts them: what is lost of a closed pane nothing later puts right.
        settings.put("espalier.window.pane", "PT5S");
        settings.put("espalier.window.panes", "400");
        return settings;
    }

    void start() {
        instances.forEach(Instance::start);
        await("both instances are ready").atMost(LIMIT).until(this::areReady);
    }

    boolean areReady() {
        return instances.stream().allMatch(instance -> instance.isAlive() && instance.isReady());
    }

    /** As a platform does: starts what has ended by itself, and remembers that it had. */
    void revive() {
        for (Instance instance : instances) {
            if (!instance.isAlive()) {
                exits.add(instance + " exited with " + instance.exitCode() + ": " + instance.lastLine());
                instance.start();
            }
        }
    }

    /** What ended by itself since the last call. */
    List<String> takeExits() {
        List<String> taken = List.copyOf(exits);
        exits.clear();
        return taken;
    }

    /** The other of the two. */
    Instance other(Instance instance) {
        return instances.get(1 - instances.indexOf(instance));
    }

    long timesSaid(String words) {
        return instances.stream()
                .mapToLong(instance -> instance.timesSaid(words))
                .sum();
    }

    /** By hand, as an administrator might. */
    void delete(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteTopics(Set.of(topic)).all().get();
        }
    }

    /** Ends transactions of which nothing was heard for so long, as an administrator would; how many. */
    int endHangingTransactions(Duration silent) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            OpenTransactions hanging =
                    OpenTransactions.of(admin).silentSince(System.currentTimeMillis() - silent.toMillis());
            hanging.abort(admin);
            return hanging.open().size();
        }
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
        broker.close();
    }
}
