package io.espalier.streams.topology;

import io.espalier.protocol.VersionKey;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Observes how fast the samples of a capture point grow. In memory: after a restart a rate is known in seconds. */
final class SampleRates {
    private static final long LEAST_MS = 2_000;
    private static final long MOST_MS = 60_000;

    private final Map<String, Observation> observations = new HashMap<>();

    /** Samples per millisecond over the last minute at most; empty while too little was observed, or nothing grew. */
    OptionalDouble observe(VersionKey version, String capturePoint, long samples, long nowMs) {
        String key = version + "/" + capturePoint;
        Observation since = observations.get(key);
        if (since == null || samples < since.samples) {
            observations.put(key, new Observation(samples, nowMs, 0));
            return OptionalDouble.empty();
        }
        long elapsed = nowMs - since.atMs;
        if (elapsed < LEAST_MS) {
            return since.rate > 0 ? OptionalDouble.of(since.rate) : OptionalDouble.empty();
        }
        double rate = (double) (samples - since.samples) / elapsed;
        if (elapsed >= MOST_MS) {
            observations.put(key, new Observation(samples, nowMs, rate));
        }
        return rate > 0 ? OptionalDouble.of(rate) : OptionalDouble.empty();
    }

    void forget(VersionKey version) {
        observations.keySet().removeIf(key -> key.startsWith(version + "/"));
    }

    private record Observation(long samples, long atMs, double rate) {}
}
