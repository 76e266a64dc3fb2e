package io.espalier.surgery.coupling;

/** Units along one dimension of a tensor, null where nothing may be cut. */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record UnitsAlong(int dim, UnitIndex[] units) {}
