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
     * The same values at an end of their 95 % intervals, each on the scale on which {@link #score} has it. Capture points of
     * a group are of the same inputs, so their errors do not cancel: the end of a mean is the mean of the ends. Where no
     * error is known, and of weights, which have none, the values themselves.
     */
    default List<double[]> end(List<Group> groups, Map<String, PointStatistics> points, End end) {
        return score(groups, points);
    }

    /**
     * What is not there.
     *
     * @param what as in "lacks a capture point"
     * @param mend what to do about it
     */
    record Missing(String what, String mend) {}
}
