package io.espalier.sidecar.sampling;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A number in [0, 1) for each request, evenly spread: a hash of the publisher and of how many requests came before. A rate
 * samples the requests whose number is below it, so that what a lower rate samples is part of what a higher one does, at
 * every capture point alike, and what is in a request has no say. Safe for use by several threads.
 *
 * <p>The hash is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), seeded by
 * the publisher's name.
 */
public final class RequestDraws {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final AtomicLong requests = new AtomicLong();

    public RequestDraws(String publisher) {
        long hash = 0;
        for (int i = 0; i < publisher.length(); i++) {
            hash = mixed(hash + publisher.charAt(i) + GOLDEN_GAMMA);
        }
        seed = hash;
    }

    /** The next request's. */
    public double next() {
        return at(requests.getAndIncrement());
    }

    /** That of the request before which there were {@code before}. */
    double at(long before) {
        return (mixed(seed + (before + 1) * GOLDEN_GAMMA) >>> 11) * 0x1.0p-53;
    }

    private static long mixed(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
