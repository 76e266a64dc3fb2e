package io.espalier.runtime;

import io.espalier.protocol.record.ModelDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Units of a group that a plan may remove, drawn at random. */
final class GroupCuts {
    private GroupCuts() {}

    /** Units of a group, per block; one block for an ordinary group. */
    static List<List<Integer>> blocks(ModelDescriptor.Group group) {
        return group.blocks().isEmpty()
                ? List.of(IntStream.range(0, group.units()).boxed().toList())
                : group.blocks();
    }

    /** Whether a unit can go without emptying a block, or the group has another width. */
    static boolean canBeCut(ModelDescriptor.Group group) {
        return !group.widths().isEmpty() || blocks(group).get(0).size() > 1;
    }

    /** Whether there are two cuts, one after the other. */
    static boolean isCutTwice(ModelDescriptor.Group group) {
        return group.widths().isEmpty()
                ? blocks(group).get(0).size() > 2
                : group.widths().size() > 2;
    }

    /**
     * A random share of a group's units: of every block at least one and never all, none when a block has one unit alone;
     * or down to the widest of its widths that leaves no more.
     */
    static List<Integer> some(ModelDescriptor.Group group, double share, Random random) {
        if (!group.widths().isEmpty()) {
            List<List<Integer>> narrower =
                    group.widths().subList(1, group.widths().size());
            return down(
                    group,
                    narrower.stream()
                            .filter(width ->
                                    width.stream().mapToInt(kept -> kept).sum() <= (1 - share) * group.units())
                            .findFirst()
                            .orElse(narrower.get(narrower.size() - 1)),
                    random);
        }
        List<Integer> kept = blocks(group).stream()
                .map(block ->
                        block.size() - Math.min(Math.max(1, (int) Math.round(share * block.size())), block.size() - 1))
                .toList();
        return down(group, kept, random);
    }

    /** One unit of every block, or down to the next width. */
    static List<Integer> next(ModelDescriptor.Group group, Random random) {
        return down(
                group,
                group.widths().isEmpty()
                        ? blocks(group).stream().map(block -> block.size() - 1).toList()
                        : group.widths().get(1),
                random);
    }

    private static List<Integer> down(ModelDescriptor.Group group, List<Integer> kept, Random random) {
        List<Integer> units = new ArrayList<>();
        for (int b = 0; b < kept.size(); b++) {
            List<Integer> shuffled = new ArrayList<>(blocks(group).get(b));
            Collections.shuffle(shuffled, random);
            units.addAll(shuffled.subList(kept.get(b), shuffled.size()));
        }
        return units;
    }
}
