package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Uniform in [0, 1): of a unit it depends on the seed and the group's name, not on which other groups there are. */
final class RandomOrder implements UnitCriterion {
    private final long seed;

    RandomOrder(long seed) {
        this.seed = seed;
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return groups.stream().map(this::values).toList();
    }

    private double[] values(Group group) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + group.id().hashCode())
                .doubles(group.units())
                .toArray();
    }
}
