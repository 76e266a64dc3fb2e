package io.espalier.surgery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensor dimensions that must lose the same units together. Every unit of a listed group may be removed, though never
 * all of them.
 *
 * @param id name of the first producing layer, of the characters {@code [A-Za-z0-9_.:-]}
 * @param units how many units there are; unit u of an ordinary group is channel u
 * @param members the dimensions that a removed unit takes indices from
 * @param capturePoints names of the capture points that show this group's units, in execution order
 * @param importance what weights alone say of each unit, 0 or more, by name: {@code l1} and {@code l2}, the sum of the
 *     absolute and the root of the sum of the squared weights over the filters (rows) that produce it, the latter being the
 *     group norm of Fang et al., "DepGraph: Towards any structural pruning", CVPR 2023, section 3.3, over producing weights
 *     only; {@code consumer_l2}, that root over all weights that read it, absent where some unit of the group is read by
 *     none; {@code bn_scale}, the mean of the absolute scales of its batch norms, absent where some unit has none
 * @param blocks empty when any units may go; else a partition of the units into equally large blocks (the groups of a
 *     grouped convolution, the halves of a chunk), each ascending, and a plan must remove equally many of every block.
 *     With {@code widths}, the blocks may be of different sizes
 * @param widths empty when blocks are equally large; else how many units of each block a plan may keep together, from the
 *     full sizes down: a list of counts, one for each block, none of which is above that of the list before
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of primitives, copied at the edge, never compared
public record CouplingGroup(
        String id,
        int units,
        List<Member> members,
        List<String> capturePoints,
        Map<String, double[]> importance,
        List<int[]> blocks,
        List<int[]> widths) {
    public CouplingGroup {
        members = List.copyOf(members);
        capturePoints = List.copyOf(capturePoints);
        importance = copy(importance);
        blocks = blocks.stream().map(int[]::clone).toList();
        widths = widths.stream().map(int[]::clone).toList();
    }

    private static Map<String, double[]> copy(Map<String, double[]> values) {
        Map<String, double[]> copy = new LinkedHashMap<>();
        values.forEach((name, perUnit) -> copy.put(name, perUnit.clone()));
        return Collections.unmodifiableMap(copy);
    }

    /** One dimension of one parameter, buffer or constant, by its name in the archive. */
    public record Member(String tensor, int dim) {}
}
