package io.espalier.protocol.score;

import java.nio.ByteBuffer;
import java.util.OptionalDouble;

/**
 * Exact overlap statistics of binary activation codes: for each unit and position, how many samples had their bit set.
 *
 * <p>A position whose bit is set in {@code k} of {@code N} samples disagrees in {@code k (N - k)} of the {@code N (N -
 * 1) / 2} pairs of samples, so these counters hold the mean pairwise Hamming distance exactly. Adding is commutative
 * and {@link #merge} is addition: the order of samples and the way they were split do not matter. Everything stays
 * integer until the one division of {@link #expressiveness}.
 *
 * <p>Not safe for use by several threads at once.
 */
public interface OverlapCounters {
    /**
     * Most samples one state can hold. At 64 positions the sum of {@code k (N - k)} is then at most {@code 64 * (2^29)^2
     * / 4 = 2^62}, which a signed 64-bit integer still holds.
     */
    long MAX_SAMPLES = 1L << 29;

    /** Most positions a unit may have. */
    int MAX_POSITIONS = 64;

    /** Most bits a sample may have: units times positions. Bounds what a hostile record can make us allocate. */
    int MAX_BITS = 1 << 24;

    /**
     * Counters of no samples.
     *
     * @param units 1 or more
     * @param positions per unit, 1 to {@value #MAX_POSITIONS}
     */
    static OverlapCounters create(int units, int positions) {
        return new BitSlicedCountersV1(units, positions);
    }

    /** Reads {@link #toBytes}; throws {@link IllegalArgumentException} on bytes that no counters have written. */
    static OverlapCounters fromBytes(byte[] state) {
        return BitSlicedCountersV1.fromBytes(state);
    }

    /** Little-endian 64-bit words one sample takes: {@code ceil(units * positions / 64)}. */
    static int wordsPerSample(int units, int positions) {
        return (Math.multiplyExact(units, positions) + 63) >>> 6;
    }

    int units();

    int positions();

    /** Samples added so far, 0 to {@link #MAX_SAMPLES}. */
    long samples();

    /**
     * Adds samples.
     *
     * @param codes from 0 to its limit, whatever its order: per sample {@link #wordsPerSample} little-endian 64-bit words, bit index {@code unit * positions +
     *     position}; bits past {@code units * positions} are zero
     * @param samples how many samples {@code codes} holds
     * @throws IllegalArgumentException when the length of {@code codes} is not that of {@code samples} samples
     * @throws IllegalStateException when the counters would pass {@link #MAX_SAMPLES}
     */
    void add(ByteBuffer codes, int samples);

    /** Adds samples, as {@link #add(ByteBuffer, int)} does. */
    default void add(byte[] codes, int samples) {
        add(ByteBuffer.wrap(codes), samples);
    }

    /**
     * Adds the samples of {@code other}, which stays as it is.
     *
     * @throws IllegalArgumentException when units or positions differ
     */
    void merge(OverlapCounters other);

    /** For each bit index {@code unit * positions + position}, the number of samples in which it was set. */
    int[] counts();

    /** For each unit, the sum over its positions of {@code k (N - k)}: disagreeing pairs of samples, exactly. */
    long[] disagreements();

    /**
     * The score of a unit: mean pairwise normalised Hamming distance, in [0, 1]; absent below two samples.
     *
     * @param disagreements what {@link #disagreements} gave for the unit
     */
    static OptionalDouble expressiveness(long disagreements, int positions, long samples) {
        if (samples < 2) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of((double) disagreements / (double) (positions * (samples * (samples - 1) / 2)));
    }

    /** The canonical state: equal counters give equal bytes, and the size grows with the logarithm of the samples. */
    byte[] toBytes();
}
