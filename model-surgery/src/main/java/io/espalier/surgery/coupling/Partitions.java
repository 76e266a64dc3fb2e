package io.espalier.surgery.coupling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sets of labels, by root, in blocks that must keep equally many. No root is in two partitions. */
final class Partitions {
    private final List<List<Set<Integer>>> partitions = new ArrayList<>();

    List<List<Set<Integer>>> all() {
        return partitions;
    }

    void clear() {
        partitions.clear();
    }

    /**
     * One set of roots a block, when each root is in one block only and all are alike; else none. {@code counts}: of
     * each root in each block.
     */
    static List<Set<Integer>> blocks(Map<Integer, int[]> counts, int size) {
        List<Set<Integer>> blocks = new ArrayList<>();
        for (int b = 0; b < size; b++) {
            blocks.add(new LinkedHashSet<>());
        }
        int each = 0;
        for (Map.Entry<Integer, int[]> entry : counts.entrySet()) {
            int in = -1;
            for (int b = 0; b < size; b++) {
                int count = entry.getValue()[b];
                if (count > 0 && (in >= 0 || (each > 0 && each != count))) {
                    return List.of();
                } else if (count > 0) {
                    in = b;
                    each = count;
                }
            }
            blocks.get(in).add(entry.getKey());
        }
        boolean even =
                blocks.stream().allMatch(block -> block.size() == blocks.get(0).size());
        return even ? blocks : List.of();
    }

    /**
     * Adds blocks that can hold together with those found before: apart from all, equal to one, or a part of one. False
     * when they cannot.
     */
    boolean settle(List<Set<Integer>> blocks) {
        Map<Integer, Integer> mine = blockOf(blocks);
        for (int p = 0; p < partitions.size(); p++) {
            List<Set<Integer>> other = partitions.get(p);
            Map<Integer, Integer> theirs = blockOf(other);
            if (theirs.keySet().equals(mine.keySet())) {
                if (blocks.size() <= other.size() && refines(other, mine)) {
                    return true;
                } else if (refines(blocks, theirs)) {
                    partitions.set(p, blocks);
                    return true;
                }
                return false;
            } else if (theirs.keySet().stream().anyMatch(mine::containsKey)) {
                return false;
            }
        }
        partitions.add(blocks);
        return true;
    }

    /** Whether every fine block lies in one coarse block. Even fine blocks then make even coarse ones. */
    private static boolean refines(List<Set<Integer>> fine, Map<Integer, Integer> coarse) {
        return fine.stream()
                .allMatch(block -> block.stream().map(coarse::get).distinct().count() == 1);
    }

    private static Map<Integer, Integer> blockOf(List<Set<Integer>> blocks) {
        Map<Integer, Integer> of = new HashMap<>();
        for (int b = 0; b < blocks.size(); b++) {
            for (int root : blocks.get(b)) {
                of.put(root, b);
            }
        }
        return of;
    }
}
