package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The trunks of a network, each with its classes. */
final class Trunks {
    private final List<TrunkClasses> all;
    private final int[] trunkOf;
    private final Set<Value> values = new HashSet<>();

    /** {@code labels}: one more than the largest label. */
    Trunks(List<TrunkClasses> all, int labels) {
        this.all = List.copyOf(all);
        this.trunkOf = new int[labels];
        Arrays.fill(trunkOf, -1);
        for (int i = 0; i < all.size(); i++) {
            int trunk = i;
            this.all.get(i).trunk().labels().stream().forEach(label -> trunkOf[label] = trunk);
            values.addAll(this.all.get(i).trunk().values());
        }
    }

    List<TrunkClasses> all() {
        return all;
    }

    /** The number of the trunk that a label belongs to, or -1. */
    int of(int label) {
        return trunkOf[label];
    }

    boolean anyOf(int[] labels) {
        return Arrays.stream(labels).anyMatch(label -> trunkOf[label] >= 0);
    }

    boolean hold(Value value) {
        return values.contains(value);
    }
}
