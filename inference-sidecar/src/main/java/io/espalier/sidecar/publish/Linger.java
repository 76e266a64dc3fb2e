package io.espalier.sidecar.publish;

import java.time.Duration;

/**
 * How long the first sample of a batch waits for others. A batch has sums of every unit, however few its samples are: where
 * fewer are taken they wait longer, so that a batch has about as many.
 */
final class Linger {
    private final long shortest;
    private final long longest;

    /**
     * Sets the bounds.
     *
     * @param shortest where all that is sampled is wanted
     * @param longest however little is wanted
     */
    Linger(Duration shortest, Duration longest) {
        this.shortest = shortest.toNanos();
        this.longest = longest.toNanos();
    }

    /** In nanoseconds, {@code shortest / share} up to the longest; {@code share} is in [0, 1]. */
    long nanos(double share) {
        return share * longest <= shortest ? longest : Math.round(shortest / share);
    }
}
