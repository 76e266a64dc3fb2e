package io.espalier.surgery.coupling;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Cuts of groups for trial: of each block one of the first units, one of the last, every second; or down to some of the
 * widths. Which one differs from block to block, so that blocks which could only be cut alike are not taken for free.
 */
final class TrialCuts {
    private static final int FIRST = 0;
    private static final int LAST = 1;
    private static final int COUNT = 3;

    /** Blocks are told apart by the digits of their number to this base, one digit a cut. */
    private static final int SHIFTS = 3;

    private TrialCuts() {}

    static List<Set<UnitIndex>> of(List<UnitGroup> groups) {
        List<Set<UnitIndex>> cuts = new ArrayList<>();
        for (int choice = 0; choice < COUNT; choice++) {
            Set<UnitIndex> removed = new HashSet<>();
            int first = 0;
            for (UnitGroup group : groups) {
                for (int unit : units(group, choice, first)) {
                    removed.add(new UnitIndex(group.id(), unit));
                }
                first += group.evenBlocks().size();
            }
            cuts.add(removed);
        }
        return cuts;
    }

    private static int[] units(UnitGroup group, int choice, int first) {
        List<int[]> blocks = group.evenBlocks();
        List<int[]> widths = group.widths();
        int[] kept = widths.isEmpty() ? null : widths.get(row(widths.size(), choice));
        return IntStream.range(0, blocks.size())
                .flatMap(b -> {
                    int[] block = blocks.get(b);
                    int all = block.length;
                    int count = kept != null ? all - kept[b] : all < 2 ? 0 : choice < 2 ? 1 : all / 2;
                    return chosen(block, count, choice, shift(first + b, choice));
                })
                .toArray();
    }

    private static int row(int count, int choice) {
        return choice == FIRST ? 1 : choice == LAST ? count - 1 : Math.max(1, count / 2);
    }

    private static int shift(int number, int choice) {
        return number / (int) Math.pow(SHIFTS, choice) % SHIFTS;
    }

    private static IntStream chosen(int[] block, int count, int choice, int shift) {
        int left = Math.min(shift, block.length - count);
        if (choice == FIRST) {
            return IntStream.of(block).skip(left).limit(count);
        } else if (choice == LAST) {
            return IntStream.of(block).skip(block.length - count - left).limit(count);
        }
        // Evenly spread.
        return IntStream.range(0, count)
                .map(i -> block[(int) (((long) i * block.length / count + shift) % block.length)]);
    }
}
