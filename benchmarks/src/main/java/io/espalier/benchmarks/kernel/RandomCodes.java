package io.espalier.benchmarks.kernel;

import java.util.SplittableRandom;

/** Batches of random samples, enough of them that they come from the last cache level, not from the first. */
final class RandomCodes {
    private static final int TOTAL_BYTES = 4 << 20;

    private final byte[][] batches;
    private int next;

    RandomCodes(int bits, double density, int samplesPerBatch) {
        SplittableRandom random = new SplittableRandom(1);
        int batchBytes = bits / 8 * samplesPerBatch;
        batches = new byte[Math.max(1, TOTAL_BYTES / batchBytes)][batchBytes];
        for (byte[] batch : batches) {
            for (int i = 0; i < batchBytes; i++) {
                batch[i] = randomByte(random, density);
            }
        }
    }

    /** One after the other, round and round. */
    byte[] next() {
        next = next + 1 < batches.length ? next + 1 : 0;
        return batches[next];
    }

    private static byte randomByte(SplittableRandom random, double density) {
        int code = 0;
        for (int bit = 0; bit < 8; bit++) {
            code |= random.nextDouble() < density ? 1 << bit : 0;
        }
        return (byte) code;
    }
}
