package io.espalier.surgery.fold;

/** What is known of a unit at some place in the graph. */
sealed interface Mark {
    Mark KEPT = new Kept();
    Mark LIVE = new Live();

    /** Not removed: nobody asks. */
    record Kept() implements Mark {}

    /** Removed, and varies with the input. */
    record Live() implements Mark {}

    /** The same number in every element, whatever the input. */
    record Constant(double value) implements Mark {}

    /** It was constant, and what it is now is not known, because of {@code reason}. */
    record Lost(String reason) implements Mark {}

    static boolean isZero(Mark mark) {
        return mark instanceof Constant constant && constant.value() == 0;
    }

    /** A number that cannot be folded, such as an infinite one, is lost. */
    static Mark of(double value, String reason) {
        return Double.isFinite(value) ? new Constant(value) : new Lost(reason);
    }
}
