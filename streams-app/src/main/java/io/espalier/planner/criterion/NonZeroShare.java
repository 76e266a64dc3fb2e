package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * 1 minus the average percentage of zeros, mean over the group's capture points: the more often a unit is not above zero,
 * the sooner it goes. In [0, 1] everywhere, so groups compare as they are. Source: Hu et al., "Network trimming: a
 * data-driven neuron pruning approach towards efficient deep architectures", arXiv 1607.03250.
 */
final class NonZeroShare implements UnitCriterion {
    private final PointMeans zeros =
            new PointMeans("zero_share", PointStatistics::zeroShare, "let all streams services be of this version");

    @Override
    public Optional<Missing> lacks(Group group) {
        return zeros.lacks(group);
    }

    @Override
    public Optional<Missing> lacks(PointStatistics point) {
        return zeros.lacks(point);
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return groups.stream()
                .map(group -> Arrays.stream(zeros.of(group, points))
                        .map(share -> 1 - share)
                        .toArray())
                .toList();
    }

    @Override
    public List<double[]> end(List<Group> groups, Map<String, PointStatistics> points, End end) {
        return groups.stream()
                .map(group -> PointMeans.of(group, points, point -> point.zeroShareAt(end.opposite())))
                .map(shares -> Arrays.stream(shares).map(share -> 1 - share).toArray())
                .toList();
    }
}
