package io.espalier.planner;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;

/**
 * How many units a group keeps, step by step. A step takes one unit of every block, or one unit when there are no blocks;
 * a group that has only certain widths goes from one to the next.
 */
final class Ladder {
    private Ladder() {}

    /** Units that are left after so many steps. */
    static int kept(Group group, int steps) {
        return group.widths().isEmpty()
                ? group.units() - steps * stride(group)
                : total(group.widths().get(steps));
    }

    /** Steps after which so many units are left, which must be a number that {@link #kept} gives. */
    static int steps(Group group, int kept) {
        if (group.widths().isEmpty()) {
            return (group.units() - kept) / stride(group);
        }
        int steps = 0;
        while (total(group.widths().get(steps)) > kept) {
            steps++;
        }
        return steps;
    }

    /** Units that one step takes from a group which has no widths. */
    static int stride(Group group) {
        return Math.max(1, group.blocks().size());
    }

    /** Of a group with widths, the fewest units from {@code floor} on that are a multiple; all when there are none such. */
    static int atLeast(Group group, long floor, int multiple) {
        return group.widths().stream()
                .mapToInt(Ladder::total)
                .filter(total -> total >= floor && total % multiple == 0)
                .min()
                .orElse(group.units());
    }

    private static int total(List<Integer> width) {
        return width.stream().mapToInt(Integer::intValue).sum();
    }
}
