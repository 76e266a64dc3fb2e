package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import java.util.HashMap;
import java.util.Map;

/**
 * What operators were given or gave out in the survey, by numbers that their rules chose; later passes need it again.
 */
final class SurveyNotes {
    /** Slot of the sizes that an operator is given in a list. */
    static final int SIZES = Integer.MIN_VALUE;

    /** Slot of the labels of the units that an operator makes. */
    static final int UNITS = -1;

    private final Map<Slot, long[]> numbers = new HashMap<>();
    private final Map<Slot, int[]> added = new HashMap<>();

    private record Slot(int operator, int number) {}

    void put(Operator operator, int slot, long[] found) {
        numbers.put(new Slot(operator.index(), slot), found);
    }

    /** Null when nothing was noted. */
    long[] numbers(Operator operator, int slot) {
        return numbers.get(new Slot(operator.index(), slot));
    }

    void putAdded(Operator operator, int slot, int[] labels) {
        added.put(new Slot(operator.index(), slot), labels);
    }

    /** Labels of the units that an operator makes, or of what it fills in; null when it does neither. */
    int[] added(Operator operator, int slot) {
        return added.get(new Slot(operator.index(), slot));
    }
}
