package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Variance of the activation, mean over the group's capture points, times the squared norm of the weights that read the
 * unit: the squared change of what reads it when the unit is replaced by its mean. Relative to the group's mean, since that
 * change is in units of the readers' outputs, which differ from group to group. Source: An et al., "Fluctuation-based
 * adaptive structured pruning for large language models", AAAI 2024.
 */
final class Fluctuation implements UnitCriterion {
    private final PointMeans variances =
            new PointMeans("variance", PointStatistics::variance, "let all streams services be of this version");

    @Override
    public Optional<Missing> lacks(Group group) {
        return variances.lacks(group).or(() -> Importances.lacksConsumers(group));
    }

    @Override
    public Optional<Missing> lacks(PointStatistics point) {
        return variances.lacks(point);
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return groups.stream()
                .map(group -> Importances.relative(Importances.timesConsumers(variances.of(group, points), group)))
                .toList();
    }

    @Override
    public List<double[]> end(List<Group> groups, Map<String, PointStatistics> points, End end) {
        return groups.stream()
                .map(group -> Importances.relativeTo(
                        Importances.timesConsumers(variances.of(group, points), group),
                        Importances.timesConsumers(
                                PointMeans.of(group, points, point -> point.varianceAt(end)), group)))
                .toList();
    }
}
