package io.espalier.benchmarks.topology;

import io.espalier.protocol.batch.ActivationBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What one would write for the same scores without our counters: an int for each unit and position, 400 KiB for a layer of
 * 102,400 bits, and two doubles for each unit, in the order of their fields when they are bytes.
 */
final class IntCounts {
    private final int units;
    private final int positions;
    private final int[] counts;
    private final double[] sums;
    private final double[] squares;
    private int samples;

    IntCounts(int units, int positions) {
        this.units = units;
        this.positions = positions;
        this.counts = new int[units * positions];
        this.sums = new double[units];
        this.squares = new double[units];
    }

    static IntCounts fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        IntCounts read = new IntCounts(in.getInt(), in.getInt());
        read.samples = in.getInt();
        in.asIntBuffer().get(read.counts);
        in.position(in.position() + read.counts.length * Integer.BYTES);
        in.asDoubleBuffer().get(read.sums).get(read.squares);
        return read;
    }

    byte[] toBytes() {
        ByteBuffer out =
                ByteBuffer.allocate(3 * Integer.BYTES + counts.length * Integer.BYTES + 2 * sums.length * Double.BYTES);
        out.putInt(units).putInt(positions).putInt(samples);
        out.asIntBuffer().put(counts);
        out.position(out.position() + counts.length * Integer.BYTES);
        out.asDoubleBuffer().put(sums).put(squares);
        return out.array();
    }

    void add(ActivationBatch batch) {
        byte[] codes = batch.getCodes().toByteArray();
        int stride = codes.length / batch.getSamples();
        for (int sample = 0; sample < batch.getSamples(); sample++) {
            for (int bit = 0; bit < counts.length; bit++) {
                counts[bit] += codes[sample * stride + (bit >> 3)] >> (bit & 7) & 1;
            }
        }
        for (int unit = 0; unit < units; unit++) {
            sums[unit] += batch.getSums(unit);
            squares[unit] += batch.getSquares(unit);
        }
        samples += batch.getSamples();
    }

    /** Of each unit; no number from 0 to 1 below two samples. */
    double[] scores() {
        double[] scores = new double[units];
        double pairs = positions * (samples * (samples - 1.0) / 2);
        Arrays.setAll(scores, unit -> disagreements(unit) / pairs);
        return scores;
    }

    private double disagreements(int unit) {
        long sum = 0;
        for (int bit = unit * positions; bit < (unit + 1) * positions; bit++) {
            sum += (long) counts[bit] * (samples - counts[bit]);
        }
        return sum;
    }
}
