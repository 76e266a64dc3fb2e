package io.espalier.planner.drift;

import java.time.Duration;

/**
 * What counts as drift.
 *
 * @param runLength time in which a capture point of unchanged traffic gives one false alarm at most, in the mean
 * @param minChange of a unit's score, in [0, 1]: less is of no consequence
 * @param minUnits share of a capture point's units that must have changed, in [0, 1]
 */
public record DriftSettings(Duration runLength, double minChange, double minUnits) {}
