package io.espalier.surgery.coupling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known behind each label of a {@link Trace}. */
final class Marks<M> {
    private final List<M> marks = new ArrayList<>();
    private final Map<Derived, Integer> derived = new HashMap<>();

    /** Another mark in the place of a label. */
    private record Derived(int label, Object mark) {}

    Marks() {
        // Label 0 has none.
        marks.add(null);
    }

    /** A new label. */
    int add(M mark) {
        marks.add(mark);
        return marks.size() - 1;
    }

    /** Null for a label without a unit. */
    M of(int label) {
        return marks.get(label);
    }

    /**
     * A label with another mark. Labels that were different stay different, so that the rules see as many as they did in
     * the survey.
     */
    int derive(int label, M mark) {
        return mark.equals(marks.get(label))
                ? label
                : derived.computeIfAbsent(new Derived(label, mark), d -> add(mark));
    }
}
