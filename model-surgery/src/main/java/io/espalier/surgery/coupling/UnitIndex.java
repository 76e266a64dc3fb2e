package io.espalier.surgery.coupling;

/** A unit of a group. */
public record UnitIndex(String group, int unit) {}
