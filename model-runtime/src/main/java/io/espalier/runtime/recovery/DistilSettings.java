package io.espalier.runtime.recovery;

import java.time.Duration;

/**
 * How long and how fast a network is distilled.
 *
 * @param steps at most, 1 or more
 * @param batch inputs in a step
 * @param rate largest learning rate, after a short rise; it falls to 0 along half a cosine
 * @param limit no step begins after it, and the rate has fallen to 0 by then
 */
public record DistilSettings(int steps, int batch, double rate, Duration limit, long seed) {
    public static final DistilSettings DEFAULT = new DistilSettings(500, 64, 1e-3, Duration.ofMinutes(9), 1);

    /** The same with other bounds. */
    public DistilSettings within(int steps, Duration limit) {
        return new DistilSettings(steps, batch, rate, limit, seed);
    }

    int stepsBetweenChecks() {
        return Math.max(20, steps / 20);
    }
}
