package io.espalier.planner.drift;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Where the groups of a plan are cut. */
public final class CutLines {
    private CutLines() {}

    /**
     * Per group that loses some units and keeps others, the middle between the highest value that goes and the lowest that
     * stays; where blocks are cut each on its own, the highest of these values may be above the lowest.
     *
     * @param values of every group in their order, per unit
     * @param removed per group, the units that go
     */
    public static Map<String, Double> of(
            List<Group> groups, List<double[]> values, Map<String, List<Integer>> removed) {
        Map<String, Double> lines = new TreeMap<>();
        for (int number = 0; number < groups.size(); number++) {
            Group group = groups.get(number);
            double[] value = values.get(number);
            Set<Integer> gone = new HashSet<>(removed.getOrDefault(group.id(), List.of()));
            if (!gone.isEmpty() && gone.size() < group.units()) {
                double highest =
                        gone.stream().mapToDouble(unit -> value[unit]).max().orElseThrow();
                double lowest = IntStream.range(0, group.units())
                        .filter(unit -> !gone.contains(unit))
                        .mapToDouble(unit -> value[unit])
                        .min()
                        .orElseThrow();
                lines.put(group.id(), (highest + lowest) / 2);
            }
        }
        return lines;
    }
}
