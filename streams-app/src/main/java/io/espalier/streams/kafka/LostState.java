package io.espalier.streams.kafka;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an application that would go on where it had stopped reading, without the state of all it had read: its changelogs
 * were deleted, and Kafka Streams would make them anew without a word.
 */
final class LostState {
    private static final Logger LOG = LoggerFactory.getLogger(LostState.class);

    private final Admin admin;
    private final AdminCalls calls;

    LostState(Admin admin, AdminCalls calls) {
        this.admin = admin;
        this.calls = calls;
    }

    /**
     * One problem at most. A version that is the first to keep some state needs a reset as well, until it says so here.
     *
     * @param expected partitions of its internal topics by name
     * @param there topics that exist
     */
    List<TopicProblem> problems(InternalTopics application, Map<String, Integer> expected, Set<String> there) {
        List<String> missing = application.names().stream()
                .filter(InternalTopics::isChangelog)
                .filter(changelog -> !there.contains(changelog))
                .sorted()
                .toList();
        if (missing.isEmpty() || !hasRead(application.id())) {
            return List.of();
        }
        String first = missing.get(0);
        return List.of(new TopicProblem(
                true,
                first,
                "partitions",
                "0",
                String.valueOf(expected.get(first)),
                "it was deleted, and with it state of all that " + application.id() + " has read",
                "espalier streams reset --config FILE --execute, which counts anew what is still there"));
    }

    private boolean hasRead(String group) {
        ListConsumerGroupOffsetsOptions options =
                new ListConsumerGroupOffsetsOptions().timeoutMs(AdminCalls.TIMEOUT_MS);
        try {
            return admin
                    .listConsumerGroupOffsets(group, options)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .anyMatch(offset -> offset != null && offset.offset() > 0);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                LOG.warn("offsets of group {} are not looked at: its user lacks the right to describe it", group);
                return false;
            }
            throw calls.refused(e.getCause(), "offsets of group " + group + " cannot be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while brokers were asked", e);
        }
    }
}
