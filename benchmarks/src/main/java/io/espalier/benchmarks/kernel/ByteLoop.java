package io.espalier.benchmarks.kernel;

/** What one writes first: eight increments for each byte, without a branch. */
final class ByteLoop implements PositionCounts {
    private final int[] counts;

    ByteLoop(int bits) {
        counts = new int[bits];
    }

    @Override
    public void add(byte[] codes, int samples) {
        int bytes = codes.length / samples;
        for (int sample = 0; sample < samples; sample++) {
            int start = sample * bytes;
            for (int i = 0; i < bytes; i++) {
                int code = codes[start + i];
                int bit = 8 * i;
                counts[bit] += code & 1;
                counts[bit + 1] += (code >>> 1) & 1;
                counts[bit + 2] += (code >>> 2) & 1;
                counts[bit + 3] += (code >>> 3) & 1;
                counts[bit + 4] += (code >>> 4) & 1;
                counts[bit + 5] += (code >>> 5) & 1;
                counts[bit + 6] += (code >>> 6) & 1;
                counts[bit + 7] += (code >>> 7) & 1;
            }
        }
    }

    @Override
    public int[] counts() {
        return counts.clone();
    }
}
