package io.espalier.streams.topology;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Recommendation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Recommendations that may be in the state and not on their topic. Exactly once there are none. At least once a process may be
 * killed when the brokers have the one and not the other: so the state says of a recommendation that it is unconfirmed until a
 * commit has shown that all is there, and whoever starts with such a state publishes it once more, under the id it had.
 */
final class Announcements {
    private final boolean isAtLeastOnce;
    private final KeyValueStore<String, PlanState> plans;
    private final Set<String> unconfirmed = new HashSet<>();

    /** {@code plans}: by version key. */
    Announcements(boolean isAtLeastOnce, KeyValueStore<String, PlanState> plans) {
        this.isAtLeastOnce = isAtLeastOnce;
        this.plans = plans;
    }

    /** What a state is to be kept as whose recommendation is published now. */
    PlanState made(VersionKey version, PlanState state) {
        if (!isAtLeastOnce) {
            return state;
        }
        unconfirmed.add(version.toString());
        return state.unconfirmed(true);
    }

    /** Those that the state a task starts with does not know to be published; they wait for a commit anew. */
    List<Recommendation> open() {
        List<Recommendation> open = new ArrayList<>();
        try (KeyValueIterator<String, PlanState> all = plans.all()) {
            all.forEachRemaining(entry -> {
                if (Boolean.TRUE.equals(entry.value.unconfirmed())) {
                    unconfirmed.add(entry.key);
                    open.add(entry.value.recommendation());
                }
            });
        }
        return open;
    }

    /** Whether a commit is wanted. */
    boolean isWaiting() {
        return !unconfirmed.isEmpty();
    }

    /** All that was made before has been committed. */
    void committed() {
        for (String version : unconfirmed) {
            PlanState state = plans.get(version);
            if (state != null) {
                plans.put(version, state.unconfirmed(null));
            }
        }
        unconfirmed.clear();
    }
}
