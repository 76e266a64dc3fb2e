package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stands for a criterion that needs the archive and inputs, neither of which is here: it ranks nothing, and says so. */
final class ArchiveOnly implements UnitCriterion {
    @Override
    public Optional<Missing> lacks(Group group) {
        return Optional.of(new Missing(
                "its archive at hand", "use saliency in a policy, or elimination with the command espalier prune"));
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        throw new IllegalArgumentException("no group can be ranked without its archive");
    }
}
