package io.espalier.surgery.coupling;

/** Why units must stay: which operator, where, and the reason. */
public record Protection(String op, String where, String reason) {}
