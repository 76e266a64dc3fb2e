package io.espalier.surgery.cost;

import io.espalier.surgery.coupling.UnitGroup;
import io.espalier.surgery.coupling.UnitIndex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Of every unit of every group, what was added up and of how many indices. */
final class UnitTotals {
    private final Map<String, double[]> sums = new HashMap<>();
    private final Map<String, int[]> counts = new HashMap<>();

    UnitTotals(List<UnitGroup> groups) {
        for (UnitGroup group : groups) {
            sums.put(group.id(), new double[group.units()]);
            counts.put(group.id(), new int[group.units()]);
        }
    }

    /** Adds a value for each index of a dimension; what is behind an index may be null, and is left out. */
    void add(UnitIndex[] units, IntToDoubleFunction values) {
        for (int i = 0; i < units.length; i++) {
            if (units[i] != null) {
                sums.get(units[i].group())[units[i].unit()] += values.applyAsDouble(i);
                counts.get(units[i].group())[units[i].unit()]++;
            }
        }
    }

    double[] sums(String group) {
        return sums.get(group);
    }

    double[] roots(String group) {
        return Arrays.stream(sums.get(group)).map(Math::sqrt).toArray();
    }

    double[] means(String group) {
        return IntStream.range(0, sums.get(group).length)
                .mapToDouble(unit -> sums.get(group)[unit] / counts.get(group)[unit])
                .toArray();
    }

    /** Whether every unit of the group had an index; otherwise its units cannot be compared by this. */
    boolean coversAll(String group) {
        return Arrays.stream(counts.get(group)).allMatch(count -> count > 0);
    }
}
