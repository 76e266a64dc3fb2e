package io.espalier.planner.criterion;

import io.espalier.planner.criterion.UnitCriterion.Missing;
import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One statistic of the capture points of a group, averaged over them: they show the same units at different places of the
 * network, and each place counts alike.
 */
final class PointMeans {
    private static final Missing NO_POINT = new Missing("a capture point", "use l1 or l2");

    private final Missing missing;
    private final Function<PointStatistics, Optional<double[]>> statistic;

    /** {@code mend}: what to do where the statistic is not there. */
    PointMeans(String name, Function<PointStatistics, Optional<double[]>> statistic, String mend) {
        this.missing = new Missing("a " + name, mend);
        this.statistic = statistic;
    }

    Optional<Missing> lacks(Group group) {
        return group.capturePoints().isEmpty() ? Optional.of(NO_POINT) : Optional.empty();
    }

    Optional<Missing> lacks(PointStatistics point) {
        return statistic.apply(point).isEmpty() ? Optional.of(missing) : Optional.empty();
    }

    double[] of(Group group, Map<String, PointStatistics> points) {
        return of(group, points, statistic);
    }

    /** The mean of what another function says of the same statistic. */
    static double[] of(
            Group group, Map<String, PointStatistics> points, Function<PointStatistics, Optional<double[]>> statistic) {
        double[] mean = new double[group.units()];
        int count = group.capturePoints().size();
        for (String point : group.capturePoints()) {
            double[] values = statistic.apply(points.get(point)).orElseThrow();
            Arrays.setAll(mean, unit -> mean[unit] + values[unit] / count);
        }
        return mean;
    }
}
