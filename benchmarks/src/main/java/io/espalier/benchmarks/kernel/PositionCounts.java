package io.espalier.benchmarks.kernel;

/** Counts, for each bit of a sample, the samples in which it was set: what all contenders compute. */
interface PositionCounts {
    /**
     * Adds samples.
     *
     * @param codes per sample as many bytes as a sample has, a multiple of eight; bit {@code i} of a sample is bit
     *     {@code i % 8} of its byte {@code i / 8}
     */
    void add(byte[] codes, int samples);

    int[] counts();
}
