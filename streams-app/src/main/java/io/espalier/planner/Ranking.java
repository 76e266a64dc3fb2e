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
 * The units of all groups in the order in which they go. A global ranking compares scores; a uniform one compares the
 * share of its group that is gone once a unit goes, so that all groups shrink alike. Ties are broken by group, in the
 * descriptor's order, then by index.
 */
final class Ranking {
    private final List<Group> groups;
    private final List<Unit> ascending;

    private Ranking(List<Group> groups, List<Unit> ascending) {
        this.groups = groups;
        this.ascending = ascending;
    }

    /** One unit of the group at {@code group} in the list of groups; the lower {@code key}, the sooner it goes. */
    private record Unit(int group, int index, double key) {}

    /** The groups that a criterion can rank: one that looks at activations needs a capture point. */
    static List<Group> rankable(ModelDescriptor descriptor, Criterion criterion) {
        return descriptor.groups().stream()
                .filter(group ->
                        !criterion.needsScores() || !group.capturePoints().isEmpty())
                .toList();
    }

    static Ranking of(List<Group> groups, Map<String, PointScore> scores, Policy policy) {
        boolean global = policy.ranking() == Policy.Ranking.GLOBAL;
        List<double[]> values = new GroupScores(scores, global).of(groups, policy.criterion());
        List<Unit> units = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            List<Unit> ordered = ordered(group, values.get(group));
            units.addAll(global ? ordered : byShareGone(ordered));
        }
        return new Ranking(groups, sorted(units));
    }

    List<Group> groups() {
        return groups;
    }

    /** Units in all. */
    int size() {
        return ascending.size();
    }

    /** Per group, in the order of {@link #groups}, how many of the first {@code count} units of all are its own. */
    int[] shareOfFirst(int count) {
        int[] share = new int[groups.size()];
        ascending.subList(0, count).forEach(unit -> share[unit.group()]++);
        return share;
    }

    /** The units to remove, ascending by index, so that {@code kept} remain; groups that lose none are left out. */
    Map<String, List<Integer>> removed(Map<String, Integer> kept) {
        Map<String, List<Integer>> remove = new TreeMap<>();
        for (int group = 0; group < groups.size(); group++) {
            int number = group;
            String id = groups.get(group).id();
            List<Integer> units = ascending.stream()
                    .filter(unit -> unit.group() == number)
                    .limit(groups.get(group).units() - kept.get(id))
                    .map(Unit::index)
                    .sorted()
                    .toList();
            if (!units.isEmpty()) {
                remove.put(id, units);
            }
        }
        return remove;
    }

    private static List<Unit> ordered(int group, double[] scores) {
        return sorted(IntStream.range(0, scores.length)
                .mapToObj(index -> new Unit(group, index, scores[index]))
                .toList());
    }

    private static List<Unit> byShareGone(List<Unit> ordered) {
        return IntStream.range(0, ordered.size())
                .mapToObj(rank ->
                        new Unit(ordered.get(rank).group(), ordered.get(rank).index(), (rank + 1.0) / ordered.size()))
                .toList();
    }

    /** The sort is stable, and units come in the order that ties are broken in. */
    private static List<Unit> sorted(List<Unit> units) {
        return units.stream().sorted(Comparator.comparingDouble(Unit::key)).toList();
    }
}
