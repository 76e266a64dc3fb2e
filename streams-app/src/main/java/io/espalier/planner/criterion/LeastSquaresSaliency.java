package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What removing a unit costs after the best refit of the weights that read it: the variance that the other units of its
 * capture point leave unexplained, mean over the group's capture points, times the squared norm of those weights. A unit
 * that is a combination of others costs nothing. Relative to the group's mean, as {@link Fluctuation} is and for the same
 * reason. Each value is for one unit going alone: of two duplicates both are free, and only one can go for nothing.
 */
final class LeastSquaresSaliency implements UnitCriterion {
    private final PointMeans residuals = new PointMeans(
            "residual_variance",
            PointStatistics::residualVariance,
            "set espalier.sampling.products=true on every sidecar of the model and let the window pass; capture points of "
                    + "more than 256 units, or whose batches are too large, send none: use fluctuation there");

    @Override
    public Optional<Missing> lacks(Group group) {
        return residuals.lacks(group).or(() -> Importances.lacksConsumers(group));
    }

    @Override
    public Optional<Missing> lacks(PointStatistics point) {
        return residuals.lacks(point);
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return groups.stream()
                .map(group -> Importances.relative(Importances.timesConsumers(residuals.of(group, points), group)))
                .toList();
    }

    @Override
    public List<double[]> end(List<Group> groups, Map<String, PointStatistics> points, End end) {
        return groups.stream()
                .map(group -> Importances.relativeTo(
                        Importances.timesConsumers(residuals.of(group, points), group),
                        Importances.timesConsumers(
                                PointMeans.of(group, points, point -> point.residualVarianceAt(end)), group)))
                .toList();
    }
}
