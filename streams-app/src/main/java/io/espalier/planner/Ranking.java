package io.espalier.planner;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The units of all groups in the order in which they go, step by step. A step takes one unit of every block of a group,
 * the k-th step the k-th lowest of each; a group without blocks is one block, and its steps are single units.
 *
 * <p>A global ranking compares scores, of a step the mean of its units' scores; a uniform one compares the share of its
 * group that is gone once a step is taken, so that all groups shrink alike. Equal scores of different groups are taken in
 * turns, by that share: a model whose scores all tie would else lose its first groups and keep the last whole. What is
 * still equal goes by group, in the descriptor's order; equal scores within a block go by index.
 */
final class Ranking {
    private final List<Group> groups;
    private final List<Step> ascending;

    private Ranking(List<Group> groups, List<Step> ascending) {
        this.groups = groups;
        this.ascending = ascending;
    }

    /**
     * Units of one group that go together.
     *
     * @param group in the list of groups
     * @param key the lower, the sooner the step is taken
     * @param gone share of the group's units that is gone then
     */
    record Step(int group, List<Integer> units, double key, double gone) {}

    /** Whether a criterion can rank a group: one that looks at activations needs a capture point. */
    static boolean ranks(Criterion criterion, Group group) {
        return !criterion.needsScores() || !group.capturePoints().isEmpty();
    }

    static Ranking of(List<Group> groups, Map<String, PointScore> scores, Policy policy) {
        boolean global = policy.ranking() == Policy.Ranking.GLOBAL;
        List<double[]> values = new GroupScores(scores, global).of(groups, policy.criterion());
        List<Step> steps = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            steps.addAll(steps(group, blocks(groups.get(group)), values.get(group), global));
        }
        // The sort is stable, and groups come in the order that the last ties are broken in.
        steps.sort(Comparator.comparingDouble(Step::key).thenComparingDouble(Step::gone));
        return new Ranking(groups, List.copyOf(steps));
    }

    List<Group> groups() {
        return groups;
    }

    /** In the order in which they are taken. */
    List<Step> steps() {
        return ascending;
    }

    /** Units that one step takes from a group. */
    static int stride(ModelDescriptor.Group group) {
        return Math.max(1, group.blocks().size());
    }

    /** The units to remove, ascending by index, so that {@code kept} remain; groups that lose none are left out. */
    Map<String, List<Integer>> removed(Map<String, Integer> kept) {
        Map<String, List<Integer>> remove = new TreeMap<>();
        for (int group = 0; group < groups.size(); group++) {
            int number = group;
            Group of = groups.get(group);
            List<Integer> units = ascending.stream()
                    .filter(step -> step.group() == number)
                    .limit((of.units() - kept.get(of.id())) / stride(of))
                    .flatMap(step -> step.units().stream())
                    .sorted()
                    .toList();
            if (!units.isEmpty()) {
                remove.put(of.id(), units);
            }
        }
        return remove;
    }

    private static List<List<Integer>> blocks(Group group) {
        return group.blocks().isEmpty()
                ? List.of(IntStream.range(0, group.units()).boxed().toList())
                : group.blocks();
    }

    private static List<Step> steps(int group, List<List<Integer>> blocks, double[] scores, boolean global) {
        List<List<Integer>> ordered =
                blocks.stream().map(block -> ascending(block, scores)).toList();
        int count = ordered.get(0).size();
        return IntStream.range(0, count)
                .mapToObj(rank -> {
                    List<Integer> units =
                            ordered.stream().map(block -> block.get(rank)).toList();
                    double mean = units.stream()
                            .mapToDouble(unit -> scores[unit] / units.size())
                            .sum();
                    double gone = (rank + 1.0) / count;
                    return new Step(group, units, global ? mean : gone, gone);
                })
                .toList();
    }

    private static List<Integer> ascending(List<Integer> block, double[] scores) {
        return block.stream()
                .sorted(Comparator.<Integer>comparingDouble(unit -> scores[unit])
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
