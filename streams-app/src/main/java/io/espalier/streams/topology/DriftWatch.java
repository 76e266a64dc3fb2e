package io.espalier.streams.topology;

import io.espalier.planner.drift.Drift;
import io.espalier.planner.drift.DriftDetector;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.metrics.DriftMeters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Compares the windows of a version with those that its standing recommendation was made on, once for each pane.
 *
 * <p>A recommendation may be made on the first few panes. They say too little of how far panes lie apart: with two or three
 * degrees of freedom no change is beyond chance, and drift would never be seen. So what is compared with grows with the
 * window until it has panes enough, as long as the window holds all that the recommendation was made on.
 */
final class DriftWatch {
    /** From here on Student's quantile falls slowly. */
    private static final int PANES_ENOUGH = 10;

    private final KeyValueStore<String, Expressiveness> baselines;
    private final DriftDetector detector;
    private final DriftMeters meters;
    private final Map<String, Long> lookedAt = new HashMap<>();

    /** {@code baselines}: by version key and capture point. */
    DriftWatch(KeyValueStore<String, Expressiveness> baselines, DriftDetector detector, DriftMeters meters) {
        this.baselines = baselines;
        this.detector = detector;
        this.meters = meters;
    }

    /** Remembers the windows that a recommendation is made on. */
    void planned(VersionKey version, Map<String, Expressiveness> windows) {
        forget(version);
        windows.forEach((point, window) -> baselines.put(PlanningStores.baseline(version, point), window));
    }

    /**
     * The capture points that have drifted, of those at which {@code recommendation} removes units.
     *
     * @param points of the groups it removes units of
     * @param windows as they are now
     */
    List<String> drifted(Recommendation recommendation, Set<String> points, Map<String, Expressiveness> windows) {
        VersionKey version = recommendation.versionKey();
        List<String> drifted = new ArrayList<>();
        windows.forEach((point, window) -> {
            String key = PlanningStores.baseline(version, point);
            Expressiveness then = baselines.get(key);
            Long last = lookedAt.put(key, window.window().endMs());
            // Within a pane the window is nearly the one that was looked at: each look more would be one more false
            // alarm.
            if (then == null || (last != null && window.window().endMs() <= last)) {
                return;
            }
            Drift drift = detector.compare(then, window);
            meters.compared(version, point, drift);
            if (drift.drifted() && points.contains(point)) {
                drifted.add(point);
            } else if (hasGrown(then, window)) {
                baselines.put(key, window);
            }
        });
        return drifted;
    }

    private static boolean hasGrown(Expressiveness then, Expressiveness now) {
        return then.window().panes() < PANES_ENOUGH
                && then.window().panes() < now.window().panes()
                && then.window().startMs() == now.window().startMs();
    }

    void forget(VersionKey version) {
        StoreKeys.deleteAll(baselines, version + "/");
        lookedAt.keySet().removeIf(key -> key.startsWith(version + "/"));
    }
}
