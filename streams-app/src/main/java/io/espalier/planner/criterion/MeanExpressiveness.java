package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Expressiveness, the mean over the group's capture points. In [0, 1] everywhere, so groups compare as they are. */
final class MeanExpressiveness implements UnitCriterion {
    private final PointMeans scores =
            new PointMeans("score", PointStatistics::expressiveness, "let two samples or more arrive");

    @Override
    public Optional<Missing> lacks(Group group) {
        return scores.lacks(group);
    }

    @Override
    public Optional<Missing> lacks(PointStatistics point) {
        return scores.lacks(point);
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return groups.stream().map(group -> scores.of(group, points)).toList();
    }

    @Override
    public List<double[]> end(List<Group> groups, Map<String, PointStatistics> points, End end) {
        return groups.stream()
                .map(group -> PointMeans.of(group, points, point -> point.expressivenessAt(end)))
                .toList();
    }
}
