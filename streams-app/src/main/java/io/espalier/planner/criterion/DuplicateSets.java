package io.espalier.planner.criterion;

import io.espalier.protocol.record.Expressiveness.Duplicate;
import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Units of a group that are duplicates of each other at every capture point of the group: where they differ at one, what
 * follows there can tell them apart. Blocks have sets of their own, since each block keeps units of its own.
 */
final class DuplicateSets {
    private final Collection<List<Integer>> sets;
    private final double[] distance;

    private DuplicateSets(Collection<List<Integer>> sets, double[] distance) {
        this.sets = sets;
        this.distance = distance;
    }

    /** {@code points}: by name, those of the group, with their redundancy. */
    static DuplicateSets of(Group group, Map<String, PointStatistics> points) {
        double[] distance = new double[group.units()];
        List<List<Integer>> keys = keys(group);
        for (String point : group.capturePoints()) {
            List<Duplicate> duplicates =
                    points.get(point).redundancy().orElseThrow().duplicates();
            Map<Integer, Integer> representatives = new HashMap<>();
            for (Duplicate duplicate : duplicates) {
                representatives.put(duplicate.unit(), duplicate.of());
                int unit = duplicate.unit();
                distance[unit] = Math.max(distance[unit], 1 - duplicate.jaccard());
            }
            for (int unit = 0; unit < keys.size(); unit++) {
                keys.get(unit).add(representatives.getOrDefault(unit, unit));
            }
        }
        Map<String, List<Integer>> sets = new TreeMap<>();
        for (int unit = 0; unit < keys.size(); unit++) {
            sets.computeIfAbsent(keys.get(unit).toString(), key -> new ArrayList<>())
                    .add(unit);
        }
        return new DuplicateSets(sets.values(), distance);
    }

    /** Per unit, the block it is in, if there are any. */
    private static List<List<Integer>> keys(Group group) {
        List<List<Integer>> keys = new ArrayList<>();
        for (int unit = 0; unit < group.units(); unit++) {
            keys.add(new ArrayList<>());
        }
        for (int block = 0; block < group.blocks().size(); block++) {
            for (int unit : group.blocks().get(block)) {
                keys.get(unit).add(block);
            }
        }
        return keys;
    }

    /**
     * How much of each unit the best of its set does not have: 1 for that one and for units without duplicates, else at most
     * the sum of their Jaccard distances to the unit that both were compared with, since Jaccard's is a metric.
     *
     * @param scores per unit; the higher, the better
     */
    double[] novelty(double[] scores) {
        double[] novelty = new double[scores.length];
        Arrays.fill(novelty, 1);
        for (List<Integer> set : sets) {
            int best = set.stream()
                    .max(Comparator.<Integer>comparingDouble(unit -> scores[unit])
                            .thenComparing(Comparator.reverseOrder()))
                    .orElseThrow();
            for (int unit : set) {
                if (unit != best) {
                    novelty[unit] = Math.min(1, distance[unit] + distance[best]);
                }
            }
        }
        return novelty;
    }
}
