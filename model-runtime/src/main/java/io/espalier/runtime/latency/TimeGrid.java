package io.espalier.runtime.latency;

import java.util.List;

/**
 * Times of one operator over a grid of widths. Between the points they are interpolated along both dimensions; below the
 * first point of a dimension they are that point's.
 *
 * @param rows timed, ascending
 * @param columns timed, ascending
 * @param milliseconds by row, then column
 */
@SuppressWarnings("ArrayRecordComponent") // a table of this package, never compared
record TimeGrid(List<Long> rows, List<Long> columns, double[][] milliseconds) {
    double milliseconds(long atRows, long atColumns) {
        double[] times = new double[rows.size()];
        for (int row = 0; row < times.length; row++) {
            times[row] = between(columns, milliseconds[row], atColumns);
        }
        return between(rows, times, atRows);
    }

    private static double between(List<Long> widths, double[] times, long width) {
        int above = 0;
        while (above < times.length - 1 && widths.get(above) < width) {
            above++;
        }
        if (above == 0 || widths.get(above) == width) {
            return times[above];
        }
        double part = (double) (width - widths.get(above - 1)) / (widths.get(above) - widths.get(above - 1));
        return times[above - 1] + part * (times[above] - times[above - 1]);
    }
}
