package io.espalier.surgery;

import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Parameter;

/**
 * A weight that reads units.
 *
 * @param dim the dimension along which it does
 * @param units behind each index of it, null where nothing may be cut; of a convolution in groups, those of each group one
 *     after the other
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record UnitReader(Parameter weight, int dim, UnitIndex[] units) {}
