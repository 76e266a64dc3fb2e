package io.espalier.protocol.score;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The definition, taken literally: every pair of samples is compared, bit by bit. Shares no code with the counters. */
final class PairwiseOracle {
    private PairwiseOracle() {}

    /** Disagreeing (pair, position) combinations of a unit; samples are [sample][unit][position]. */
    static BigInteger disagreements(boolean[][][] samples, int unit) {
        BigInteger sum = BigInteger.ZERO;
        for (int a = 0; a < samples.length; a++) {
            for (int b = a + 1; b < samples.length; b++) {
                for (int position = 0; position < samples[a][unit].length; position++) {
                    if (samples[a][unit][position] != samples[b][unit][position]) {
                        sum = sum.add(BigInteger.ONE);
                    }
                }
            }
        }
        return sum;
    }

    /** Mean normalised Hamming distance over all pairs, from the exact fraction. */
    static double expressiveness(boolean[][][] samples, int unit) {
        long pairs = (long) samples.length * (samples.length - 1) / 2;
        return disagreements(samples, unit).doubleValue() / ((double) pairs * samples[0][unit].length);
    }

    /** The wire form of the samples, written with the byte buffer of the platform. */
    static byte[] codes(boolean[][][] samples) {
        int units = samples[0].length;
        int positions = samples[0][0].length;
        int words = (units * positions + 63) / 64;
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * words * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int sample = 0; sample < samples.length; sample++) {
            for (int unit = 0; unit < units; unit++) {
                for (int position = 0; position < positions; position++) {
                    if (samples[sample][unit][position]) {
                        int bit = unit * positions + position;
                        int at = (sample * words + bit / 64) * 8;
                        bytes.putLong(at, bytes.getLong(at) | 1L << (bit % 64));
                    }
                }
            }
        }
        return bytes.array();
    }
}
