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

/** The cost a target is set on, as a function of the units kept; groups that are not named keep all of theirs. */
final class Cost {
    private final Target target;
    private final List<CostTerm> terms;
    private final Map<String, Integer> all = new HashMap<>();
    private final long whole;

    Cost(ModelDescriptor descriptor, Target target) {
        this.target = target;
        this.terms = target.metric() == Metric.MACS ? descriptor.macTerms() : descriptor.paramTerms();
        for (Group group : descriptor.groups()) {
            all.put(group.id(), group.units());
        }
        this.whole = CostTerm.total(terms, all);
    }

    boolean isReachedBy(Map<String, Integer> kept) {
        return count(kept) <= target.keep() * whole;
    }

    /** The share of the whole cost that remains, 0 to 1. */
    double share(Map<String, Integer> kept) {
        return (double) count(kept) / whole;
    }

    String name() {
        return target.metric().name().toLowerCase(Locale.ROOT);
    }

    private long count(Map<String, Integer> kept) {
        Map<String, Integer> sizes = new HashMap<>(all);
        sizes.putAll(kept);
        return CostTerm.total(terms, sizes);
    }
}
