package io.espalier.surgery;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which units to remove, per group id. Indices come sorted whatever order they were given in; an index given twice or
 * below zero is refused here, what the model does not have is refused by {@link #check}.
 */
public record PruningPlan(Map<String, int[]> remove) {
    public PruningPlan {
        Map<String, int[]> sorted = new LinkedHashMap<>();
        new TreeMap<>(remove).forEach((group, units) -> {
            if (units.length > 0) {
                sorted.put(group, sorted(group, units));
            }
        });
        remove = Collections.unmodifiableMap(sorted);
    }

    private static int[] sorted(String group, int[] units) {
        int[] copy = units.clone();
        Arrays.sort(copy);
        if (copy[0] < 0) {
            throw new IllegalPlanException("group " + group + ": unit " + copy[0] + " is below zero");
        }
        for (int i = 1; i < copy.length; i++) {
            if (copy[i] == copy[i - 1]) {
                throw new IllegalPlanException("group " + group + ": unit " + copy[i] + " is given twice");
            }
        }
        return copy;
    }

    /**
     * Throws {@link IllegalPlanException} when the plan names what the model does not have, leaves a group empty, or
     * removes more of one block of a group than of another, or keeps what is none of a group's widths.
     */
    public void check(ModelAnalysis analysis) {
        Map<String, CouplingGroup> groups = new LinkedHashMap<>();
        analysis.groups().forEach(group -> groups.put(group.id(), group));
        remove.forEach((id, units) -> check(id, units, groups, analysis.protectedUnits()));
    }

    private static void check(String id, int[] units, Map<String, CouplingGroup> groups, List<ProtectedUnits> refused) {
        CouplingGroup group = groups.get(id);
        if (group == null) {
            throw new IllegalPlanException(refused.stream()
                    .filter(p -> p.tensor().equals(id) || p.tensor().equals(id + ".weight"))
                    .findFirst()
                    .map(p -> "group " + id + " is protected: " + p.reason() + " (" + p.op() + " at " + p.where() + ")")
                    .orElse("the model has no group " + id + "; it has "
                            + brief(groups.keySet().stream().toList())));
        }
        int last = units[units.length - 1];
        if (last >= group.units()) {
            throw new IllegalPlanException(
                    "group " + id + ": unit " + last + " is out of range, there are " + group.units() + " units");
        }
        if (units.length == group.units()) {
            throw new IllegalPlanException(
                    "group " + id + ": the plan removes all " + group.units() + " units, keep at least one");
        }
        if (group.widths().isEmpty()) {
            checkBlocks(id, units, group.blocks());
        } else {
            checkWidths(id, units, group);
        }
    }

    private static void checkBlocks(String id, int[] units, List<int[]> blocks) {
        long ofFirst = blocks.isEmpty() ? 0 : removedOf(blocks.get(0), units);
        for (int block = 1; block < blocks.size(); block++) {
            long removed = removedOf(blocks.get(block), units);
            if (removed != ofFirst) {
                throw new IllegalPlanException(
                        "group " + id + ": the plan removes " + ofFirst + " units of block 0 and " + removed
                                + " of block " + block + ", remove equally many of each of its " + blocks.size()
                                + " blocks");
            }
        }
    }

    private static void checkWidths(String id, int[] units, CouplingGroup group) {
        int[] kept = group.blocks().stream()
                .mapToInt(block -> block.length - (int) removedOf(block, units))
                .toArray();
        if (group.widths().stream().noneMatch(width -> Arrays.equals(width, kept))) {
            int left = group.units() - units.length;
            int[] next = group.widths().stream()
                    .filter(width -> Arrays.stream(width).sum() <= left)
                    .findFirst()
                    .orElseGet(() -> group.widths().get(group.widths().size() - 1));
            throw new IllegalPlanException(
                    "group " + id + ": the plan keeps " + Arrays.toString(kept) + " units of its "
                            + kept.length + " blocks, which is none of its "
                            + group.widths().size()
                            + " widths; the next that it has keeps " + Arrays.toString(next));
        }
    }

    private static long removedOf(int[] block, int[] units) {
        return Arrays.stream(block)
                .filter(unit -> Arrays.binarySearch(units, unit) >= 0)
                .count();
    }

    private static String brief(List<String> ids) {
        if (ids.isEmpty()) {
            return "none that may be cut";
        }
        return String.join(", ", ids.subList(0, Math.min(8, ids.size()))) + (ids.size() > 8 ? ", ..." : "");
    }
}
