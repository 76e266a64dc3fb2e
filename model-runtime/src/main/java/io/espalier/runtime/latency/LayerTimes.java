package io.espalier.runtime.latency;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Times of a model's layers over grids of widths; layers of one shape and one full size share a grid. */
public final class LayerTimes {
    private final Map<String, Integer> all;
    private final Map<Widths, TimeGrid> grids;

    private LayerTimes(Map<String, Integer> all, Map<Widths, TimeGrid> grids) {
        this.all = all;
        this.grids = grids;
    }

    /** What is timed of a layer; a dimension that is never cut has one width. */
    private record Widths(LayerShape shape, List<Long> rows, List<Long> columns) {
        static Widths of(TimedLayer layer, Map<String, Integer> all) {
            LayerShape shape = layer.shape();
            return new Widths(
                    shape,
                    along(layer.rows().perUnit().isEmpty(), layer.rows().length(all), shape.rowStep()),
                    along(layer.columns().perUnit().isEmpty(), layer.columns().length(all), 1));
        }

        private static List<Long> along(boolean fixed, long full, long step) {
            return fixed
                    ? List.of(full)
                    : LongStream.of(WidthGrid.of(full, step)).boxed().toList();
        }

        TimeGrid measure(LayerStopwatch stopwatch, Runnable step) {
            double[][] times = new double[rows.size()][columns.size()];
            for (int row = 0; row < times.length; row++) {
                for (int column = 0; column < times[row].length; column++) {
                    times[row][column] = stopwatch
                            .time(shape, rows.get(row), columns.get(column))
                            .least();
                    step.run();
                }
            }
            levelOff(times);
            return new TimeGrid(rows, columns, times);
        }

        /** An operator is no slower than a wider one: where it seems to be, something disturbed it. */
        private static void levelOff(double[][] times) {
            for (int row = times.length - 1; row >= 0; row--) {
                for (int column = times[row].length - 1; column >= 0; column--) {
                    double below = row + 1 < times.length ? times[row + 1][column] : Double.POSITIVE_INFINITY;
                    double right = column + 1 < times[row].length ? times[row][column + 1] : Double.POSITIVE_INFINITY;
                    times[row][column] = Math.min(times[row][column], Math.min(below, right));
                }
            }
        }
    }

    /** How many points {@link #measure} times. */
    public static long points(List<TimedLayer> layers, Map<String, Integer> all) {
        return layers.stream()
                .map(layer -> Widths.of(layer, all))
                .distinct()
                .mapToLong(
                        widths -> (long) widths.rows().size() * widths.columns().size())
                .sum();
    }

    /**
     * Times every layer's grid.
     *
     * @param all the full size of every group
     * @param step called after each point
     */
    public static LayerTimes measure(
            List<TimedLayer> layers, Map<String, Integer> all, LayerStopwatch stopwatch, Runnable step) {
        Map<Widths, TimeGrid> grids = new LinkedHashMap<>();
        for (TimedLayer layer : layers) {
            grids.computeIfAbsent(Widths.of(layer, all), widths -> widths.measure(stopwatch, step));
        }
        return new LayerTimes(Map.copyOf(all), grids);
    }

    /** The full size of every group. */
    Map<String, Integer> all() {
        return all;
    }

    /** The grid of a layer that was measured. */
    TimeGrid grid(TimedLayer layer) {
        return grids.get(Widths.of(layer, all));
    }
}
