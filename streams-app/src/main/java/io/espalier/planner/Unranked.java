package io.espalier.planner;

import io.espalier.planner.criterion.UnitCriterion;
import io.espalier.planner.criterion.UnitCriterion.Missing;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The groups that a criterion cannot rank: they are left whole, and that is said.
 *
 * @param lacking what each of them lacks, by group
 * @param all how many groups there are
 */
record Unranked(Map<String, Missing> lacking, int all) {
    private static final int NAMED = 8;

    static Unranked of(ModelDescriptor descriptor, UnitCriterion criterion) {
        Map<String, Missing> lacking = new TreeMap<>();
        for (Group group : descriptor.groups()) {
            criterion.lacks(group).ifPresent(missing -> lacking.put(group.id(), missing));
        }
        return new Unranked(lacking, descriptor.groups().size());
    }

    List<Group> others(ModelDescriptor descriptor) {
        return descriptor.groups().stream()
                .filter(group -> !lacking.containsKey(group.id()))
                .toList();
    }

    String whyNothingIsLeft(Criterion criterion) {
        return all == 0
                ? "no group of units can be cut: see what is protected, and why"
                : "none of the " + all + " groups has " + whats() + ", which " + criterion + " looks at: "
                        + lacking.values().iterator().next().mend();
    }

    String note() {
        if (lacking.isEmpty()) {
            return "";
        }
        return "; " + lacking.size() + " of " + all + " groups lack " + whats() + " and are left whole: "
                + lacking.keySet().stream().limit(NAMED).collect(Collectors.joining(", "))
                + (lacking.size() > NAMED ? ", ..." : "");
    }

    private String whats() {
        return lacking.values().stream().map(Missing::what).distinct().collect(Collectors.joining(" or "));
    }
}
