package io.espalier.surgery.coupling;

import java.util.List;

/**
 * Units that may be cut.
 *
 * @param id name of the first producing layer
 * @param members the parameter dimensions that lose indices with a unit
 */
public record UnitGroup(String id, int units, List<ParameterDim> members) {}
