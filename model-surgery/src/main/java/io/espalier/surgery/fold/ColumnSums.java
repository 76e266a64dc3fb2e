package io.espalier.surgery.fold;

import io.espalier.surgery.coupling.ParameterDim;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What constants in some columns of a weight come to in each output: reads those columns and no others. */
final class ColumnSums {
    private final StoredNumbers stored;
    private final ParameterDim weight;
    private final int groups;

    /** {@code columns}: inputs of all groups together, as a grouped convolution has more than its weight. */
    ColumnSums(StoredNumbers stored, ParameterDim weight, int columns) {
        this.stored = stored;
        this.weight = weight;
        this.groups = columns / (int) weight.parameter().shape()[weight.dim()];
    }

    /** {@code constants}: a number per column; returns the sum over columns and kernel cells, per output. */
    double[] of(Map<Integer, Double> constants) {
        long[] shape = weight.parameter().shape();
        int size = (int) shape[weight.dim()];
        double[] sums = new double[(int) shape[1 - weight.dim()]];
        int rows = sums.length / groups;
        for (int group = 0; group < groups; group++) {
            Map<Integer, Double> own = new TreeMap<>();
            int from = group * size;
            constants.forEach((column, value) -> {
                if (column >= from && column < from + size) {
                    own.put(column - from, value);
                }
            });
            if (!own.isEmpty()) {
                add(own, IntStream.range(group * rows, (group + 1) * rows).toArray(), sums);
            }
        }
        return sums;
    }

    private void add(Map<Integer, Double> constants, int[] outputs, double[] sums) {
        int[] columns = constants.keySet().stream().mapToInt(Integer::intValue).toArray();
        double[] values =
                constants.values().stream().mapToDouble(Double::doubleValue).toArray();
        long kernel = Arrays.stream(weight.parameter().shape()).skip(2).reduce(1, Math::multiplyExact);
        boolean rowsFirst = weight.dim() == 1;
        int inner = rowsFirst ? columns.length : outputs.length;
        Map<Integer, int[]> chosen = Map.of(weight.dim(), columns, 1 - weight.dim(), outputs);
        stored.read(weight.parameter(), List.of(chosen), (at, value) -> {
            int cell = (int) (at / kernel);
            int column = rowsFirst ? cell % inner : cell / inner;
            int row = rowsFirst ? cell / inner : cell % inner;
            sums[outputs[row]] += value * values[column];
        });
    }
}
