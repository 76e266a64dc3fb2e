package io.espalier.search;

import io.espalier.planner.Allocation;
import io.espalier.planner.UnitOrder;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What cutting each group alone does to a model's outputs.
 *
 * @param order in which a group's units go
 * @param damages per group, by units kept
 */
public record GroupDamages(ModelDescriptor descriptor, UnitOrder order, Map<String, Map<Integer, Double>> damages) {
    /** The units to remove so that the damages add up to least; empty when no cut within the limits meets the target. */
    public Optional<Map<String, List<Integer>>> cut(Policy policy) {
        return cut(new Allocation(descriptor, policy, damages));
    }

    /** The same for a cost that somebody measured, see {@link io.espalier.planner.Planner#plan}. */
    public Optional<Map<String, List<Integer>>> cut(Policy policy, ToDoubleFunction<Map<String, Integer>> measured) {
        return cut(new Allocation(descriptor, policy, measured, damages));
    }

    private Optional<Map<String, List<Integer>>> cut(Allocation allocation) {
        Map<String, Integer> kept = allocation.solve();
        return allocation.reaches(kept) ? Optional.of(order.removed(kept)) : Optional.empty();
    }
}
