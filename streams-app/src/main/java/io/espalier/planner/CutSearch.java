package io.espalier.planner;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the smallest cut that reaches a cost. Taking the first steps of a ranking, one more each time, gives a chain of
 * cuts, each containing the one before. A counted cost only falls along it, since every extent grows with what is kept:
 * bisection finds the first cut that is low enough. A measured one may rise on the way, so there the chain is walked.
 */
final class CutSearch {
    private final Ranking ranking;
    private final KeptUnits kept;

    CutSearch(Ranking ranking, KeptUnits kept) {
        this.ranking = ranking;
        this.kept = kept;
    }

    /** Units kept per group by the smallest cut that reaches {@code cost}, or by the one that comes closest when none does. */
    Map<String, Integer> smallest(Cost cost) {
        return cost.fallsWithEveryUnit() ? bisect(cost) : walk(cost);
    }

    private Map<String, Integer> bisect(Cost cost) {
        int low = 0;
        int high = ranking.steps().size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cost.isReachedBy(afterFirst(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return afterFirst(low);
    }

    private Map<String, Integer> walk(Cost cost) {
        int[] taken = new int[ranking.groups().size()];
        Map<String, Integer> sizes = afterFirst(0);
        Map<String, Integer> closest = Map.copyOf(sizes);
        double least = cost.share(sizes);
        for (Ranking.Step step : ranking.steps()) {
            Group group = ranking.groups().get(step.group());
            taken[step.group()]++;
            int size = size(group, taken[step.group()]);
            // Most steps only get nearer to the next multiple.
            if (sizes.put(group.id(), size) == size) {
                continue;
            }
            if (cost.isReachedBy(sizes)) {
                return sizes;
            }
            double share = cost.share(sizes);
            if (share < least) {
                least = share;
                closest = Map.copyOf(sizes);
            }
        }
        return closest;
    }

    private Map<String, Integer> afterFirst(int count) {
        List<Group> groups = ranking.groups();
        int[] taken = new int[groups.size()];
        ranking.steps().subList(0, count).forEach(step -> taken[step.group()]++);
        Map<String, Integer> sizes = new HashMap<>();
        for (int group = 0; group < taken.length; group++) {
            sizes.put(groups.get(group).id(), size(groups.get(group), taken[group]));
        }
        return sizes;
    }

    private int size(Group group, int stepsTaken) {
        return kept.atLeast(group, Ladder.kept(group, stepsTaken));
    }
}
