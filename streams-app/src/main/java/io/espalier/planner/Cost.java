package io.espalier.planner;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy.Metric;
import io.espalier.protocol.record.Policy.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The cost a target is set on, as a function of the units kept; groups that are not named keep all of theirs. */
final class Cost {
    private final Target target;
    private final ToDoubleFunction<Map<String, Integer>> function;
    private final boolean fallsWithEveryUnit;
    private final Map<String, Integer> all = new HashMap<>();
    private final double whole;

    private Cost(
            ModelDescriptor descriptor,
            Target target,
            ToDoubleFunction<Map<String, Integer>> function,
            boolean fallsWithEveryUnit) {
        this.target = target;
        this.function = function;
        this.fallsWithEveryUnit = fallsWithEveryUnit;
        for (Group group : descriptor.groups()) {
            all.put(group.id(), group.units());
        }
        this.whole = function.applyAsDouble(all);
    }

    /** What the descriptor's terms count; a double holds such counts exactly up to 2^53. */
    static Cost counted(ModelDescriptor descriptor, Target target) {
        List<CostTerm> terms = target.metric() == Metric.MACS ? descriptor.macTerms() : descriptor.paramTerms();
        return new Cost(descriptor, target, kept -> CostTerm.total(terms, kept), true);
    }

    /** What somebody measured: a smaller model may take longer. */
    static Cost measured(ModelDescriptor descriptor, Target target, ToDoubleFunction<Map<String, Integer>> function) {
        return new Cost(descriptor, target, function, false);
    }

    /** Whether no cut costs more than one that it contains. */
    boolean fallsWithEveryUnit() {
        return fallsWithEveryUnit;
    }

    boolean isReachedBy(Map<String, Integer> kept) {
        return count(kept) <= target.keep() * whole;
    }

    /** The share of the whole cost that remains. */
    double share(Map<String, Integer> kept) {
        return count(kept) / whole;
    }

    String name() {
        return target.metric().name().toLowerCase(Locale.ROOT);
    }

    private double count(Map<String, Integer> kept) {
        Map<String, Integer> sizes = new HashMap<>(all);
        sizes.putAll(kept);
        return function.applyAsDouble(sizes);
    }
}
