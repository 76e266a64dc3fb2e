package io.espalier.surgery.coupling;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Cuts of groups for trial: of each block the first unit, the last, every second; or down to some of the widths. */
final class TrialCuts {
    private static final int FIRST = 0;
    private static final int LAST = 1;
    private static final int COUNT = 3;

    private TrialCuts() {}

    static List<Set<UnitIndex>> of(List<UnitGroup> groups) {
        List<Set<UnitIndex>> cuts = new ArrayList<>();
        for (int choice = 0; choice < COUNT; choice++) {
            Set<UnitIndex> removed = new HashSet<>();
            for (UnitGroup group : groups) {
                for (int unit : units(group, choice)) {
                    removed.add(new UnitIndex(group.id(), unit));
                }
            }
            cuts.add(removed);
        }
        return cuts;
    }

    private static int[] units(UnitGroup group, int choice) {
        List<int[]> blocks = group.evenBlocks();
        List<int[]> widths = group.widths();
        int[] kept = widths.isEmpty() ? null : widths.get(row(widths.size(), choice));
        return IntStream.range(0, blocks.size())
                .flatMap(b -> {
                    int[] block = blocks.get(b);
                    int all = block.length;
                    int count = kept != null ? all - kept[b] : all < 2 ? 0 : choice < 2 ? 1 : all / 2;
                    return chosen(block, count, choice);
                })
                .toArray();
    }

    private static int row(int count, int choice) {
        return choice == FIRST ? 1 : choice == LAST ? count - 1 : Math.max(1, count / 2);
    }

    private static IntStream chosen(int[] block, int count, int choice) {
        if (choice == FIRST) {
            return IntStream.of(block).limit(count);
        } else if (choice == LAST) {
            return IntStream.of(block).skip(block.length - count);
        }
        // Evenly spread, from the first on.
        return IntStream.range(0, count).map(i -> block[(int) ((long) i * block.length / count)]);
    }
}
