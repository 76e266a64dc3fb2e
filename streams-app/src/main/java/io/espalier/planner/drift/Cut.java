package io.espalier.planner.drift;

import io.espalier.protocol.record.Criterion;
import java.util.List;
import java.util.Map;

/**
 * What a recommendation cut, and where: what is needed to tell later whether a unit came back.
 *
 * @param recommendation its id
 * @param criterion that gave the units their values
 * @param global whether values of different groups were compared
 * @param remove per group, the units that it removes
 * @param lines per group that loses units, between the highest value that goes and the lowest that stays
 * @param madeAtMs milliseconds since the epoch
 */
public record Cut(
        String recommendation,
        Criterion criterion,
        boolean global,
        Map<String, List<Integer>> remove,
        Map<String, Double> lines,
        long madeAtMs) {
    public Cut {
        remove = Map.copyOf(remove);
        lines = Map.copyOf(lines);
    }
}
