package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A norm of the weights that make a unit, {@code l1} or {@code l2}, relative to the group's mean. */
final class WeightNorm implements UnitCriterion {
    private final String name;

    WeightNorm(String name) {
        this.name = name;
    }

    @Override
    public Optional<Missing> lacks(Group group) {
        return Importances.lacks(group, name, "");
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return groups.stream()
                .map(group -> Importances.relative(Importances.of(group, name)))
                .toList();
    }
}
