package io.espalier.cli.prune;

import io.espalier.cli.latency.Latency;
import java.util.List;
import java.util.Map;

/**
 * Units to remove.
 *
 * @param remove per group the unit indices
 * @param latency where times were measured to choose them, else null
 * @param disagreement where that was measured to choose them, else null
 */
public record UnitChoice(Map<String, List<Integer>> remove, Latency latency, Disagreement disagreement) {
    /** A choice for which nothing of the kind was measured. */
    public static UnitChoice of(Map<String, List<Integer>> remove) {
        return new UnitChoice(remove, null, null);
    }
}
