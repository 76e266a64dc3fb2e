package io.espalier.streams.maintenance;

import io.espalier.settings.SettingsException;
import io.espalier.streams.kafka.AdminCalls;
import io.espalier.streams.kafka.ApplicationIds;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.kafka.TopicPlan;
import io.espalier.streams.settings.StreamsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListTopicsOptions;

/**
 * Takes away what an installation has stored, while its services are stopped. First it is said what would be taken away;
 * nothing is before {@link #execute}.
 */
public final class Maintenance implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final TopicPlan plan;
    private final ApplicationIds ids;
    private final Admin admin;
    private final AdminCalls calls;
    private final Groups groups;
    private final StateFolders folders;

    /** Throws {@link SettingsException} when no client can be made of the settings; asks no broker yet. */
    public Maintenance(StreamsSettings settings) {
        plan = new TopicPlan(settings.topics());
        ids = new ApplicationIds(settings.applicationId());
        admin = new ClientProperties(settings).openAdmin();
        calls = new AdminCalls(settings.kafka().bootstrapServers());
        groups = new Groups(admin, calls);
        folders = new StateFolders(settings.stateDir());
    }

    /**
     * What to take away for all that is still on the topics to be counted and planned for from the start: offsets, internal
     * topics and local state of both topologies. The compressor keeps its offsets: versions that are made stay made.
     *
     * @throws SettingsException when no broker answers, or it refuses
     */
    public Removal planReset() {
        return removal(ids.streams(), internalTopics());
    }

    /**
     * What to take away so that nothing is left of the application but its topics, and not them either.
     *
     * @param withTopics whether the topics of the installation go too, with all that is on them
     * @throws SettingsException when no broker answers, or it refuses
     */
    public Removal planClean(boolean withTopics) {
        Set<String> topics = internalTopics();
        if (withTopics) {
            Set<String> ours = new TreeSet<>(plan.names());
            ours.retainAll(existingTopics());
            topics.addAll(ours);
        }
        return removal(ids.groups(), topics);
    }

    /**
     * Does it. Whatever is interrupted in the middle has to be done again before a service is started.
     *
     * @throws SettingsException when a group has members, no broker answers, or it refuses
     */
    public void execute(Removal removal) {
        if (!removal.activeGroups().isEmpty()) {
            throw Groups.active(removal.activeGroups().get(0));
        }
        // Groups first: that fails when a member has joined since, and state must not be taken from under it.
        groups.delete(removal.groups());
        calls.get(
                admin.deleteTopics(removal.topics(), new DeleteTopicsOptions().timeoutMs(AdminCalls.TIMEOUT_MS))
                        .all(),
                "topics cannot be deleted, so that this has to be done again before a service is started,");
        awaitGone(removal.topics());
        removal.folders().forEach(folder -> folders.delete(Path.of(folder)));
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    private Removal removal(Collection<String> groupNames, Collection<String> topics) {
        Map<String, GroupListing> found = groups.find(groupNames);
        return new Removal(
                List.copyOf(found.keySet()),
                found.values().stream()
                        .filter(Groups::isActive)
                        .map(GroupListing::groupId)
                        .toList(),
                List.copyOf(topics),
                folders.of(ids.streams()).stream().map(Path::toString).toList());
    }

    private Set<String> internalTopics() {
        Set<String> topics = new TreeSet<>(existingTopics());
        topics.removeIf(topic -> !ids.isInternalTopic(topic));
        return topics;
    }

    /** Brokers hear of it a moment later than the one that was asked: a start in between would find what is not there. */
    private void awaitGone(List<String> topics) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AdminCalls.TIMEOUT_MS);
        while (!Collections.disjoint(existingTopics(), topics)) {
            if (System.nanoTime() > end) {
                throw new SettingsException("topics are still there " + AdminCalls.TIMEOUT_MS / 1000
                        + " s after they were deleted: wait until they are gone before a service is started");
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private Set<String> existingTopics() {
        return calls.get(
                admin.listTopics(new ListTopicsOptions().timeoutMs(AdminCalls.TIMEOUT_MS))
                        .names(),
                "topics cannot be listed");
    }
}
