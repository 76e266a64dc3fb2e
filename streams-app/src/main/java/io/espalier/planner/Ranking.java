package io.espalier.planner;

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
 * the k-th step the k-th lowest of each; a group without blocks is one block, and its steps are single units. A group of
 * certain widths goes from one to the next, which takes the lowest that are left of each block, as many as that takes.
 *
 * <p>A global ranking compares scores, of a step the mean of its units' scores, or that of a step before when it is higher; a uniform one compares the share of its
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

    /** {@code values}: of every group in their order, per unit; the lower, the sooner it goes. */
    static Ranking of(List<Group> groups, List<double[]> values, Policy.Ranking ranking) {
        boolean global = ranking == Policy.Ranking.GLOBAL;
        List<Step> steps = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            steps.addAll(steps(group, groups.get(group), values.get(group), global));
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

    /** The units to remove, ascending by index, so that {@code kept} remain; groups that lose none are left out. */
    Map<String, List<Integer>> removed(Map<String, Integer> kept) {
        Map<String, List<Integer>> remove = new TreeMap<>();
        for (int group = 0; group < groups.size(); group++) {
            int number = group;
            Group of = groups.get(group);
            List<Integer> units = ascending.stream()
                    .filter(step -> step.group() == number)
                    .limit(Ladder.steps(of, kept.get(of.id())))
                    .flatMap(step -> step.units().stream())
                    .sorted()
                    .toList();
            if (!units.isEmpty()) {
                remove.put(of.id(), units);
            }
        }
        return remove;
    }

    /** Per group the units that can go, first the one that goes first. */
    Map<String, List<Integer>> order() {
        Map<String, List<Integer>> order = new TreeMap<>();
        for (Step step : ascending) {
            order.computeIfAbsent(groups.get(step.group()).id(), id -> new ArrayList<>())
                    .addAll(step.units());
        }
        return order;
    }

    /** The blocks of a group; one of all units when it has none. */
    static List<List<Integer>> blocks(Group group) {
        return group.blocks().isEmpty()
                ? List.of(IntStream.range(0, group.units()).boxed().toList())
                : group.blocks();
    }

    private static List<Step> steps(int number, Group group, double[] scores, boolean global) {
        List<List<Integer>> ordered =
                blocks(group).stream().map(block -> ascending(block, scores)).toList();
        List<List<Integer>> widths = group.widths();
        int count = widths.isEmpty() ? ordered.get(0).size() : widths.size() - 1;
        List<Step> steps = new ArrayList<>();
        double before = Double.NEGATIVE_INFINITY;
        for (int rank = 0; rank < count; rank++) {
            List<Integer> units = new ArrayList<>();
            for (int block = 0; block < ordered.size(); block++) {
                List<Integer> all = ordered.get(block);
                int from =
                        widths.isEmpty() ? rank : all.size() - widths.get(rank).get(block);
                int to = widths.isEmpty()
                        ? rank + 1
                        : all.size() - widths.get(rank + 1).get(block);
                units.addAll(all.subList(from, to));
            }
            double mean = units.stream()
                    .mapToDouble(unit -> scores[unit] / units.size())
                    .sum();
            // Of unlike steps a later one may hold lower scores, and yet it cannot be taken before.
            before = widths.isEmpty() ? mean : Math.max(before, mean);
            double gone = 1.0 * (group.units() - Ladder.kept(group, rank + 1)) / group.units();
            steps.add(new Step(number, List.copyOf(units), global ? before : gone, gone));
        }
        return steps;
    }

    private static List<Integer> ascending(List<Integer> block, double[] scores) {
        return block.stream()
                .sorted(Comparator.<Integer>comparingDouble(unit -> scores[unit])
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
