package io.espalier.runtime.recovery;

import java.util.Random;
import java.util.stream.LongStream;

/** Which positions of a layer's output are looked at: enough for as many observations as its features need. */
final class Positions {
    /** Observations for each feature of a layer. */
    private static final int OBSERVATIONS = 16;

    private static final int FEWEST = 8_192;

    /** More of them would cost a wide layer minutes and change little. */
    private static final int MOST = 65_536;

    private Positions() {}

    /** Drawn at random, without repetition and in order: a grid would leave out the borders, which see other inputs. */
    static long[] of(long positions, int features, int samples, long seed) {
        long wanted = Math.min(MOST, Math.max(FEWEST, (long) OBSERVATIONS * features));
        long each = Math.max(1, (wanted + samples - 1) / samples);
        if (each >= positions) {
            return LongStream.range(0, positions).toArray();
        }
        return new Random(seed)
                .longs(0, positions)
                .distinct()
                .limit(each)
                .sorted()
                .toArray();
    }
}
