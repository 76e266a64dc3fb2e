package io.espalier.surgery.prune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Index lists by dimension, of which one dimension may have a list for each block of dimension 0, written out as one map a
 * block.
 */
final class Blocks {
    private Blocks() {}

    /** {@code rows}: indices of dimension 0 there are before the cut. */
    static List<Map<Integer, int[]>> of(Map<Integer, List<int[]>> lists, int rows) {
        int count = lists.values().stream().mapToInt(List::size).max().orElse(1);
        Map<Integer, int[]> common = new TreeMap<>();
        lists.forEach((dim, of) -> {
            if (of.size() == 1) {
                common.put(dim, of.get(0));
            }
        });
        if (count == 1) {
            return List.of(common);
        }
        int[] all = common.getOrDefault(0, IntStream.range(0, rows).toArray());
        int each = rows / count;
        List<Map<Integer, int[]>> blocks = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            int block = b;
            Map<Integer, int[]> own = new HashMap<>(common);
            own.put(0, IntStream.of(all).filter(row -> row / each == block).toArray());
            lists.forEach((dim, of) -> {
                if (of.size() > 1) {
                    own.put(dim, of.get(block));
                }
            });
            blocks.add(own);
        }
        return blocks;
    }
}
