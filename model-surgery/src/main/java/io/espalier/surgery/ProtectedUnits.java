package io.espalier.surgery;

/**
 * Units that are never cut, and why.
 *
 * @param tensor the weight whose output dimension holds them
 * @param units how many of its units these are
 * @param distinct how many of them are not tied to units that were listed before, with another tensor
 * @param op the operator that protects them
 * @param where that operator's place in the archive, as {@code file:line}
 */
public record ProtectedUnits(String tensor, int units, int distinct, String op, String where, String reason) {}
