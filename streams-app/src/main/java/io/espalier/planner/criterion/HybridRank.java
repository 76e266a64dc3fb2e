package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code (1 - lambda) * rank of the first + lambda * rank of the second}, ranks in [0, 1]. */
final class HybridRank implements UnitCriterion {
    private final UnitCriterion first;
    private final UnitCriterion second;
    private final double lambda;
    private final boolean global;

    /** {@code global}: ranks are those among the units of all groups, else within each. */
    HybridRank(UnitCriterion first, UnitCriterion second, double lambda, boolean global) {
        this.first = first;
        this.second = second;
        this.lambda = lambda;
        this.global = global;
    }

    @Override
    public Optional<Missing> lacks(Group group) {
        return first.lacks(group).or(() -> second.lacks(group));
    }

    @Override
    public Optional<Missing> lacks(PointStatistics point) {
        return first.lacks(point).or(() -> second.lacks(point));
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return mixed(groups, ranks(first.score(groups, points)), ranks(second.score(groups, points)));
    }

    /** A unit's rank at an end is the one it would have there among the others as they are. */
    @Override
    public List<double[]> end(List<Group> groups, Map<String, PointStatistics> points, End end) {
        return mixed(
                groups,
                ranks(first.score(groups, points), first.end(groups, points, end)),
                ranks(second.score(groups, points), second.end(groups, points, end)));
    }

    private List<double[]> mixed(List<Group> groups, List<double[]> one, List<double[]> other) {
        return IntStream.range(0, groups.size())
                .mapToObj(group -> IntStream.range(0, groups.get(group).units())
                        .mapToDouble(unit -> (1 - lambda) * one.get(group)[unit] + lambda * other.get(group)[unit])
                        .toArray())
                .toList();
    }

    private List<double[]> ranks(List<double[]> values, List<double[]> moved) {
        double[] all = values.stream().flatMapToDouble(Arrays::stream).toArray();
        return IntStream.range(0, values.size())
                .mapToObj(group -> Ranks.among(global ? all : values.get(group), values.get(group), moved.get(group)))
                .toList();
    }

    private List<double[]> ranks(List<double[]> values) {
        return global ? Ranks.together(values) : values.stream().map(Ranks::of).toList();
    }
}
