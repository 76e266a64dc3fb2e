package io.espalier.planner;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the smallest cut that reaches a cost. Removing the first units of a ranking, one more each time, gives a chain of
 * cuts, each containing the one before; so the cost only falls along it, and bisection finds the first that is low enough.
 */
final class CutSearch {
    private final Ranking ranking;
    private final KeptUnits kept;

    CutSearch(Ranking ranking, KeptUnits kept) {
        this.ranking = ranking;
        this.kept = kept;
    }

    /** Units kept per group by the smallest cut that reaches {@code cost}, or by the largest cut when none does. */
    Map<String, Integer> smallest(Cost cost) {
        int low = 0;
        int high = ranking.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cost.isReachedBy(withoutFirst(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return withoutFirst(low);
    }

    private Map<String, Integer> withoutFirst(int count) {
        Map<String, Integer> sizes = new HashMap<>();
        List<Group> groups = ranking.groups();
        int[] removed = ranking.shareOfFirst(count);
        for (int group = 0; group < removed.length; group++) {
            int units = groups.get(group).units();
            sizes.put(groups.get(group).id(), kept.atLeast(units, units - removed[group]));
        }
        return sizes;
    }
}
