package io.espalier.streams.testing;

import io.espalier.protocol.batch.ActivationBatch;
import java.util.BitSet;

/**
 * Counts the set bits of each unit and position one by one. Shares no code with what it checks, but for the formula:
 * the sum of {@code k (N - k)} over the positions, as an exact integer, divided once.
 */
public final class BruteForceOracle {
    private final int units;
    private final int positions;
    private final long[][] set;
    private long samples;

    public BruteForceOracle(int units, int positions) {
        this.units = units;
        this.positions = positions;
        this.set = new long[units][positions];
    }

    public void add(ActivationBatch batch) {
        byte[] codes = batch.getCodes().toByteArray();
        int bytesPerSample = codes.length / batch.getSamples();
        BitSet bits = BitSet.valueOf(codes);
        for (int sample = 0; sample < batch.getSamples(); sample++) {
            for (int unit = 0; unit < units; unit++) {
                for (int position = 0; position < positions; position++) {
                    if (bits.get(sample * bytesPerSample * 8 + unit * positions + position)) {
                        set[unit][position]++;
                    }
                }
            }
        }
        samples += batch.getSamples();
    }

    public long samples() {
        return samples;
    }

    public double[] scores() {
        double[] scores = new double[units];
        for (int unit = 0; unit < units; unit++) {
            long disagreeing = 0;
            for (long k : set[unit]) {
                disagreeing += k * (samples - k);
            }
            scores[unit] = (double) disagreeing / (double) (positions * (samples * (samples - 1) / 2));
        }
        return scores;
    }
}
