package io.espalier.benchmarks.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** One increment for each bit that is set: quick where few are. */
final class SetBitWalk implements PositionCounts {
    private final int[] counts;

    SetBitWalk(int bits) {
        counts = new int[bits];
    }

    @Override
    public void add(byte[] codes, int samples) {
        LongBuffer longs = ByteBuffer.wrap(codes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        int words = longs.remaining() / samples;
        for (int sample = 0; sample < samples; sample++) {
            for (int w = 0; w < words; w++) {
                long left = longs.get(sample * words + w);
                while (left != 0) {
                    counts[64 * w + Long.numberOfTrailingZeros(left)]++;
                    left &= left - 1;
                }
            }
        }
    }

    @Override
    public int[] counts() {
        return counts.clone();
    }
}
