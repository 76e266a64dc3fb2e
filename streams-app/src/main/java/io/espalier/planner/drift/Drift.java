package io.espalier.planner.drift;

/**
 * How a capture point compares with what it was.
 *
 * @param drifted whether enough units have changed
 * @param changedUnits how many have
 * @param rankCorrelation Spearman's, of the scores then and now, in [-1, 1]; 1 when all are equal
 */
public record Drift(boolean drifted, int changedUnits, double rankCorrelation) {
    /** Nothing to be seen. */
    static final Drift NONE = new Drift(false, 0, 1);
}
