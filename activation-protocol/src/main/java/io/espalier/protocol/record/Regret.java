package io.espalier.protocol.record;

import io.espalier.protocol.Names;
import java.util.List;
import java.util.Map;

/**
 * Units that were removed from a version, and that in its parent have come back over the line they were cut at; published on
 * {@link io.espalier.protocol.Topics#regrets}, anew whenever they are others.
 *
 * @param version that lacks the units
 * @param parent that they are seen in
 * @param recommendation by which they were removed
 * @param groups per group, the units; empty when none is left of those that a record before this named
 */
public record Regret(String model, String version, String parent, String recommendation, Map<String, Units> groups) {
    public Regret {
        Names.require("model", model);
        Names.require("version", version);
        Names.require("parent", parent);
        Names.require("recommendation", recommendation);
        groups = Map.copyOf(Required.present("groups", groups));
    }

    /**
     * Of one group.
     *
     * @param cutLine between the highest value that went and the lowest that stayed, when the units were removed
     * @param removed how many units of the group were
     * @param back those of them whose value is over that line now, with confidence, ascending
     */
    public record Units(double cutLine, int removed, List<Integer> back) {
        public Units {
            back = Required.list("groups.back", back);
        }
    }

    /** Units that have come back, in all groups. */
    public int units() {
        return groups.values().stream().mapToInt(group -> group.back().size()).sum();
    }
}
