package io.espalier.cli.prune;

import io.espalier.cli.latency.Latency;
import java.util.List;
import java.util.Map;

/**
 * Units to remove.
 *
 * @param remove per group the unit indices
 * @param latency where times were measured to choose them, else null
 */
public record UnitChoice(Map<String, List<Integer>> remove, Latency latency) {
    /** A choice for which nothing was timed. */
    public static UnitChoice of(Map<String, List<Integer>> remove) {
        return new UnitChoice(remove, null);
    }
}
