package io.espalier.streams.maintenance;

import io.espalier.settings.SettingsException;
import io.espalier.streams.kafka.AdminCalls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DeleteStreamsGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** Consumer groups, of the classic and of the streams protocol. */
final class Groups {
    private static final Set<GroupState> WITHOUT_MEMBERS = Set.of(GroupState.EMPTY, GroupState.DEAD);

    private final Admin admin;
    private final AdminCalls calls;

    Groups(Admin admin, AdminCalls calls) {
        this.admin = admin;
        this.calls = calls;
    }

    /** Those of {@code names} that there are, by name. */
    Map<String, GroupListing> find(Collection<String> names) {
        Map<String, GroupListing> found = new TreeMap<>();
        calls
                .get(
                        admin.listGroups(new ListGroupsOptions().timeoutMs(AdminCalls.TIMEOUT_MS))
                                .all(),
                        "groups cannot be listed")
                .stream()
                .filter(group -> names.contains(group.groupId()))
                .forEach(group -> found.put(group.groupId(), group));
        return found;
    }

    static boolean isActive(GroupListing group) {
        return group.groupState().filter(WITHOUT_MEMBERS::contains).isEmpty();
    }

    /**
     * Deletes groups with their offsets; one that is not there is as good as deleted.
     *
     * @throws SettingsException when one has members, or may not be deleted
     */
    void delete(Collection<String> names) {
        List<String> classic = new ArrayList<>();
        List<String> streams = new ArrayList<>();
        find(names).forEach((name, group) -> (isStreams(group) ? streams : classic).add(name));
        DeleteConsumerGroupsOptions classicOptions = new DeleteConsumerGroupsOptions().timeoutMs(AdminCalls.TIMEOUT_MS);
        admin.deleteConsumerGroups(classic, classicOptions).deletedGroups().forEach(this::await);
        DeleteStreamsGroupsOptions streamsOptions = new DeleteStreamsGroupsOptions().timeoutMs(AdminCalls.TIMEOUT_MS);
        admin.deleteStreamsGroups(streams, streamsOptions).deletedGroups().forEach(this::await);
    }

    static SettingsException active(String group) {
        return new SettingsException(
                "group " + group
                        + " has active members: stop the services first; one that was killed counts until its session ends, 45 s unless set");
    }

    private void await(String group, KafkaFuture<Void> deletion) {
        try {
            deletion.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupNotEmptyException) {
                throw active(group);
            }
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw calls.refused(e.getCause(), "group " + group + " cannot be deleted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while group " + group + " was deleted", e);
        }
    }

    private static boolean isStreams(GroupListing group) {
        return group.type().filter(GroupType.STREAMS::equals).isPresent();
    }
}
