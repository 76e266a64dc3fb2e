package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One value per unit; the lower, the sooner the unit goes. Pure: equal arguments give equal values. */
public interface UnitCriterion {
    /** What a group does not have and would have to, to be ranked; empty when it can be. Without, it is left whole. */
    default Optional<Missing> lacks(Group group) {
        return Optional.empty();
    }

    /** What is not known of a capture point and would have to be; empty when all is. Without, there is no plan yet. */
    default Optional<Missing> lacks(PointStatistics point) {
        return Optional.empty();
    }

    /**
     * Values for every unit of every group. Under a global ranking values of different groups are compared, so they are on
     * one scale.
     *
     * @param groups that this does not lack anything of
     * @param points by name, all those of the groups, that this does not lack anything of either
     * @return in the order of the groups, per unit
     */
    List<double[]> score(List<Group> groups, Map<String, PointStatistics> points);

    /**
     * What is not there.
     *
     * @param what as in "lacks a capture point"
     * @param mend what to do about it
     */
    record Missing(String what, String mend) {}
}
