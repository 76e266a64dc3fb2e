package io.espalier.surgery.coupling;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * In which order the units of each producer are of which class. Units of one class must be neighbours, and the classes must
 * follow each other as they do at the widest, for then whichever units stay are of the classes that their places ask for.
 */
final class ClassRuns {
    private final List<List<Integer>> widest = new ArrayList<>();

    /** {@code classes}: of each unit of each producer; those of the widest come first. */
    boolean fit(List<List<Integer>> classes) {
        boolean first = widest.isEmpty();
        for (int producer = 0; producer < classes.size(); producer++) {
            Set<Integer> order = new LinkedHashSet<>();
            int before = -1;
            for (int of : classes.get(producer)) {
                if (of != before && !order.add(of)) {
                    return false;
                }
                before = of;
            }
            if (first) {
                widest.add(List.copyOf(order));
            } else if (!isWithin(order, widest.get(producer))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(Set<Integer> some, List<Integer> all) {
        List<Integer> inOrder = new ArrayList<>(all);
        inOrder.retainAll(some);
        return inOrder.equals(List.copyOf(some));
    }
}
