package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mean of the absolute scales of a unit's batch norms, relative to the group's mean. Source: Liu et al., "Learning efficient
 * convolutional networks through network slimming", ICCV 2017, there after training towards sparse scales.
 */
final class BatchNormScale implements UnitCriterion {
    private static final String NAME = "bn_scale";

    @Override
    public Optional<Missing> lacks(Group group) {
        return Importances.lacks(group, NAME, " (a batch norm on each of its units)");
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        return groups.stream()
                .map(group -> Importances.relative(Importances.of(group, NAME)))
                .toList();
    }
}
