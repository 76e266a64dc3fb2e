package io.espalier.protocol.record;

import java.util.List;

/**
 * Why a model has a plan, or what is missing before it has one: the one answer that the HTTP API, the metrics and the
 * log give.
 *
 * @param ready whether the planner has all it asks for
 * @param reason one sentence
 */
public record Readiness(String model, String version, boolean ready, String reason, List<Point> capturePoints) {
    public Readiness {
        Required.present("reason", reason);
        capturePoints = Required.list("capture_points", capturePoints);
    }

    /**
     * One capture point.
     *
     * @param samples seen in the window
     * @param needed how many are expected to be enough for the policy
     * @param expectedInMs when they are expected at the present rate, in milliseconds; missing while no rate is known
     * @param reason what more samples are needed for; missing where there are enough
     */
    public record Point(String name, long samples, long needed, Long expectedInMs, String reason) {}
}
