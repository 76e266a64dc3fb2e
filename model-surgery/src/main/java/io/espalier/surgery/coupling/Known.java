package io.espalier.surgery.coupling;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * A number that is known before the model runs.
 *
 * @param value a Long, Double or Boolean
 * @param counts what it was computed from that follows a cut; empty for a number that does not change
 */
record Known(Object value, List<Count> counts) {
    /** How many units lie along some dimensions of a tensor. */
    record Count(LabelArray labels, IntPredicate dims) {}

    static Known fixed(Object value) {
        return new Known(value, List.of());
    }

    boolean followsUnits() {
        return !counts.isEmpty();
    }
}
