package io.espalier.runtime.latency;

import java.util.stream.LongStream;

/** The widths of a dimension that are timed; what lies between them is interpolated. */
final class WidthGrid {
    private static final int POINTS = 8;
    // Vector units of today's processors take 8 or 16 floats at once: times fall in such steps.
    private static final long LANES = 8;

    private WidthGrid() {}

    /**
     * About eight widths, ascending, the full one last; multiples of 8 where the dimension is wide enough.
     *
     * @param step the others are multiples of this, too
     */
    static long[] of(long full, long step) {
        long even = full <= LANES ? 1 : roundedUp((full + POINTS - 1) / POINTS, LANES);
        return LongStream.concat(
                        LongStream.rangeClosed(1, full / even).map(i -> roundedUp(i * even, step)), LongStream.of(full))
                .filter(width -> width <= full)
                .distinct()
                .sorted()
                .toArray();
    }

    private static long roundedUp(long value, long step) {
        return (value + step - 1) / step * step;
    }
}
