package io.espalier.protocol.record;

import java.util.BitSet;
import java.util.List;

/** What must hold of the blocks of a group, and of its widths. */
final class Blocks {
    private Blocks() {}

    static List<List<Integer>> copy(List<List<Integer>> lists) {
        return lists == null ? List.of() : lists.stream().map(List::copyOf).toList();
    }

    static void requireEqual(String id, List<List<Integer>> blocks) {
        for (List<Integer> block : blocks) {
            if (block.size() != blocks.get(0).size()) {
                throw new IllegalArgumentException("group " + id + " has a block of "
                        + blocks.get(0).size() + " units and one of " + block.size()
                        + ": its blocks must be equally large");
            }
        }
    }

    static void requirePartition(String id, int units, List<List<Integer>> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        BitSet seen = new BitSet(units);
        for (int unit : blocks.stream().flatMap(List::stream).toList()) {
            if (unit < 0 || unit >= units || seen.get(unit)) {
                throw new IllegalArgumentException("group " + id + " has unit " + unit
                        + (unit < 0 || unit >= units ? " in a block, and only " + units + " units" : " in two blocks"));
            }
            seen.set(unit);
        }
        if (seen.cardinality() < units) {
            throw new IllegalArgumentException("group " + id + " has unit " + seen.nextClearBit(0)
                    + " in no block: its blocks must hold all " + units + " units");
        }
    }

    static void requireWidths(String id, List<List<Integer>> blocks, List<List<Integer>> widths) {
        List<Integer> before = blocks.stream().map(List::size).toList();
        if (!widths.get(0).equals(before)) {
            throw new IllegalArgumentException("group " + id + " has blocks of " + before
                    + " units, which its first width must be, not " + widths.get(0));
        }
        for (List<Integer> width : widths.subList(1, widths.size())) {
            boolean narrower = width.size() == before.size() && total(width) > 0 && total(width) < total(before);
            for (int block = 0; block < before.size() && narrower; block++) {
                narrower = width.get(block) >= 0 && width.get(block) <= before.get(block);
            }
            if (!narrower) {
                throw new IllegalArgumentException("group " + id + " has the width " + width + " behind " + before
                        + ": each must keep fewer units, and no more of any block");
            }
            before = width;
        }
    }

    private static int total(List<Integer> width) {
        return width.stream().mapToInt(Integer::intValue).sum();
    }
}
