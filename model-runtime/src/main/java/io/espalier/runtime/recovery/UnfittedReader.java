package io.espalier.runtime.recovery;

import io.espalier.runtime.Weights;
import io.espalier.surgery.UnitReader;
import io.espalier.surgery.coupling.UnitIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A weight that reads units in a way that cannot be fitted: what it reads of units that are gone becomes zero, no more. */
record UnfittedReader(UnitReader reader) {
    /** Into {@code weights}; {@code cut}: by group the units that are gone. */
    void blank(Map<String, List<Integer>> cut, Weights weights) {
        UnitIndex[] units = reader.units();
        if (Arrays.stream(units).noneMatch(unit -> isGone(unit, cut))) {
            return;
        }
        long[] shape = reader.weight().shape();
        int length = Math.toIntExact(shape[reader.dim()]);
        int inner = product(shape, reader.dim() + 1, shape.length);
        int outer = product(shape, 0, reader.dim());
        // Of a convolution in groups, the units of each group come one after the other, and so do its outputs.
        int groups = units.length / length;
        double[] values = weights.get(reader.weight()).reals();
        for (int at = 0; at < outer * length; at++) {
            int group = at / length * groups / outer;
            if (isGone(units[group * length + at % length], cut)) {
                Arrays.fill(values, at * inner, (at + 1) * inner, 0);
            }
        }
        weights.set(reader.weight(), values);
    }

    static boolean isGone(UnitIndex unit, Map<String, List<Integer>> cut) {
        return unit != null && cut.getOrDefault(unit.group(), List.of()).contains(unit.unit());
    }

    private static int product(long[] shape, int from, int to) {
        int product = 1;
        for (int d = from; d < to; d++) {
            product = Math.toIntExact(product * shape[d]);
        }
        return product;
    }
}
