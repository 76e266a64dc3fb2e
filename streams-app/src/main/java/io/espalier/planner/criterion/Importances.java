package io.espalier.planner.criterion;

import io.espalier.planner.criterion.UnitCriterion.Missing;
import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the descriptor says of weights, by name. */
final class Importances {
    private static final String CONSUMER_L2 = "consumer_l2";

    private Importances() {}

    /** {@code why}: what it takes for a group to have it. */
    static Optional<Missing> lacks(Group group, String name, String why) {
        return group.importance().containsKey(name)
                ? Optional.empty()
                : Optional.of(new Missing(
                        "the importance " + name + why, "use l2, or let a sidecar of this version register the model"));
    }

    static Optional<Missing> lacksConsumers(Group group) {
        return lacks(group, CONSUMER_L2, " (a weight that reads each of its units)");
    }

    static double[] of(Group group, String name) {
        float[] values = group.importance().get(name);
        return IntStream.range(0, values.length)
                .mapToDouble(unit -> values[unit])
                .toArray();
    }

    /** Of each unit, what it adds to whatever reads it: a statistic of its activation, times the squared consuming norm. */
    static double[] timesConsumers(double[] statistic, Group group) {
        double[] norms = of(group, CONSUMER_L2);
        return IntStream.range(0, statistic.length)
                .mapToDouble(unit -> statistic[unit] * norms[unit] * norms[unit])
                .toArray();
    }

    /**
     * Relative to the group's mean, as Torch-Pruning does by default: norms grow with the size of a filter, and what a unit
     * adds to its readers grows with the scale of what these give out. Divided, neither says which group is cut.
     */
    static double[] relative(double[] values) {
        return relativeTo(values, values);
    }

    /** Other values of the same units, on the scale on which {@code reference} is relative. */
    static double[] relativeTo(double[] reference, double[] values) {
        double mean = Arrays.stream(reference).average().orElse(0);
        return mean > 0 ? Arrays.stream(values).map(value -> value / mean).toArray() : values;
    }
}
