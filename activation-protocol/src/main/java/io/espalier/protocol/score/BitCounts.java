package io.espalier.protocol.score;

import java.util.Arrays;

/**
 * In how many samples each bit was set: {@link OverlapCounters} read once, for all that is made of them.
 *
 * @param perBit as {@link OverlapCounters#counts}; not to be changed
 * @param samples 0 or more
 */
record BitCounts(int[] perBit, int positions, long samples) {
    static BitCounts of(OverlapCounters counters) {
        return new BitCounts(counters.counts(), counters.positions(), counters.samples());
    }

    int units() {
        return perBit.length / positions;
    }

    /** As {@link OverlapCounters#disagreements}. */
    long[] disagreements() {
        long[] sums = new long[units()];
        for (int unit = 0; unit < sums.length; unit++) {
            // A division for each bit would take longer than all the rest.
            for (int bit = unit * positions; bit < (unit + 1) * positions; bit++) {
                sums[unit] += perBit[bit] * (samples - perBit[bit]);
            }
        }
        return sums;
    }

    /** Per unit its score, in [0, 1]. Of two samples or more. */
    double[] expressiveness() {
        return Arrays.stream(disagreements())
                .mapToDouble(sum ->
                        OverlapCounters.expressiveness(sum, positions, samples).orElseThrow())
                .toArray();
    }

    /** Per unit the share of samples and positions whose bit was not set, in [0, 1]. Of one sample or more. */
    double[] zeroShare() {
        double[] share = new double[units()];
        for (int unit = 0; unit < share.length; unit++) {
            long set = 0;
            for (int bit = unit * positions; bit < (unit + 1) * positions; bit++) {
                set += perBit[bit];
            }
            share[unit] = (double) (positions * samples - set) / (positions * samples);
        }
        return share;
    }
}
