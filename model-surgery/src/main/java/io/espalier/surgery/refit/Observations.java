package io.espalier.surgery.refit;

/**
 * What a layer reads and should compute, gone through as often as asked and never held whole. A layer's channels may be in
 * groups, each of which is a layer of its own.
 */
public interface Observations {
    /** To which end observations are made. */
    enum Part {
        /** What weights are fitted to. */
        FITTED,
        /** Others, by which they are judged. */
        HELD_OUT
    }

    /** Takes some observations of one group. */
    @FunctionalInterface
    interface Rows {
        /**
         * Takes some rows, whose matrices go when this returns.
         *
         * @param seen a row of features and a 1 for each observation
         * @param targets a row of outputs for each observation, which may be changed
         */
        void take(int group, Matrix seen, Matrix targets);
    }

    /** Goes through all observations of the groups from {@code first} to before {@code end}. */
    void each(Part part, int first, int end, Rows rows);
}
