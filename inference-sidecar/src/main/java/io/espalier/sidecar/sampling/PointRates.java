package io.espalier.sidecar.sampling;

import java.util.Arrays;
import java.util.BitSet;

/** Which share of requests is sampled at each capture point of a model, in the order of its descriptor. Immutable. */
public final class PointRates {
    private final double rate;
    private final double[] shares;
    private final double highest;

    /**
     * Rates of {@code rate * share}.
     *
     * @param rate share of requests that is sampled where all of them are wanted, in [0, 1]
     * @param shares per capture point, of those requests the share that is wanted, in [0, 1]
     */
    PointRates(double rate, double[] shares) {
        this.rate = rate;
        this.shares = shares.clone();
        this.highest = rate * Arrays.stream(shares).max().orElse(0);
    }

    /** All that is sampled is wanted at each of {@code points} capture points. */
    public static PointRates undirected(double rate, int points) {
        double[] all = new double[points];
        Arrays.fill(all, 1);
        return new PointRates(rate, all);
    }

    /** Of the requests that are sampled where all are wanted, the share wanted at {@code point}, in [0, 1]. */
    public double share(int point) {
        return shares[point];
    }

    /** Share of all requests that is sampled at {@code point}. */
    public double rate(int point) {
        return rate * shares[point];
    }

    /** Share of all requests that is sampled at any capture point. */
    double highest() {
        return highest;
    }

    /** The capture points at which the request that drew {@code draw} is sampled. */
    BitSet sampled(double draw) {
        BitSet sampled = new BitSet(shares.length);
        for (int point = 0; point < shares.length; point++) {
            sampled.set(point, draw < rate(point));
        }
        return sampled;
    }
}
