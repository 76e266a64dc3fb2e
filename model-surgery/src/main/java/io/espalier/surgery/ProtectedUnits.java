package io.espalier.surgery;

/**
 * Units that are never cut, and why.
 *
 * @param tensor the weight whose output dimension holds them
 * @param op the operator that protects them
 * @param where that operator's place in the archive, as {@code file:line}
 */
public record ProtectedUnits(String tensor, int units, String op, String where, String reason) {}
