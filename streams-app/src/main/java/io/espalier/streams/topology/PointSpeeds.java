package io.espalier.streams.topology;

import io.espalier.planner.sampling.ArrivedSamples;
import io.espalier.planner.sampling.FullSpeed;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import java.util.HashMap;
import java.util.Map;

/** How fast samples of each capture point would arrive if all were wanted, by what is seen of their windows. */
final class PointSpeeds {
    private final Map<String, Observed> points = new HashMap<>();

    private static final class Observed {
        private final ArrivedSamples arrived = new ArrivedSamples();
        private final FullSpeed speed = new FullSpeed();
        private long atMs;
    }

    /**
     * Takes in a window of a capture point.
     *
     * @param rate at which the point was sampled since it was last observed, above 0 and at most 1
     */
    void observe(VersionKey version, String point, Expressiveness window, double rate, long nowMs) {
        Observed observed = points.computeIfAbsent(version + "/" + point, unknown -> new Observed());
        Expressiveness.Window time = window.window();
        double arrived = observed.arrived.look(window.samples(), time.startMs(), time.endMs(), time.panes());
        if (observed.atMs > 0 && nowMs > observed.atMs) {
            observed.speed.observe(arrived, rate, (nowMs - observed.atMs) / 1000.0);
        }
        observed.atMs = nowMs;
    }

    /** Samples a second at a rate of 1; 0 while nothing has arrived. */
    double perSecond(VersionKey version, String point) {
        Observed observed = points.get(version + "/" + point);
        return observed == null ? 0 : observed.speed.perSecond();
    }

    void forget(VersionKey version) {
        points.keySet().removeIf(key -> key.startsWith(version + "/"));
    }
}
