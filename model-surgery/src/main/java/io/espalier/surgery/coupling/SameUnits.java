package io.espalier.surgery.coupling;

import java.util.function.IntPredicate;

/** Whether labels stand for the same units. A label without a unit may stand for another one without. */
final class SameUnits {
    private final LabelSets sets;
    private final IntPredicate fixed;

    /** {@code fixed}: whether a label belongs to no unit that may be cut. */
    SameUnits(LabelSets sets, IntPredicate fixed) {
        this.sets = sets;
        this.fixed = fixed;
    }

    /** Of two arrays in which a dimension along which labels stay the same may be held at size one. */
    boolean test(LabelArray expected, LabelArray given) {
        if (expected.rank() != given.rank()) {
            return false;
        }
        int[] sizes = expected.sizes();
        for (int d = 0; d < sizes.length; d++) {
            if (sizes[d] != given.size(d) && sizes[d] != 1 && given.size(d) != 1) {
                return false;
            }
            sizes[d] = Math.max(sizes[d], given.size(d));
        }
        return test(expected.expanded(sizes).cells(), given.expanded(sizes).cells());
    }

    boolean test(int[] a, int[] b) {
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < a.length; i++) {
            if (!test(a[i], b[i])) {
                return false;
            }
        }
        return true;
    }

    boolean test(int a, int b) {
        return sets.root(a) == sets.root(b) || (fixed.test(a) && fixed.test(b));
    }
}
