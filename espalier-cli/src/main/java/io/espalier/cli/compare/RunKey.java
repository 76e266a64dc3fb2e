package io.espalier.cli.compare;

/**
 * What tells one run of a comparison from all others.
 *
 * @param target share to keep at most, of what the comparison counts
 * @param seed draws the inputs, and the order of {@code random}
 */
record RunKey(ComparedCriterion criterion, double target, Recipe recipe, int seed) {
    /** A cut is shared by all recipes of a seed. */
    record Cut(ComparedCriterion criterion, double target) {}

    Cut cut() {
        return new Cut(criterion, target);
    }

    /** For people, as {@code l2 at 50.0 %, ridge,norm}. */
    @Override
    public String toString() {
        return criterion + " at " + Measure.percent(target).strip() + ", " + recipe;
    }
}
