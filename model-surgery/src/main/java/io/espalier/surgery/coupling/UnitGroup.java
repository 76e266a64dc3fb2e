package io.espalier.surgery.coupling;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Units that may be cut.
 *
 * @param id name of the first producing layer
 * @param members the parameter dimensions that lose indices with a unit
 * @param blocks lists of units of which equally many must go, or as many as {@code widths} says; empty when any may
 * @param widths how many units of each block may be kept together, from all of them down; empty when blocks are even
 */
public record UnitGroup(String id, int units, List<ParameterDim> members, List<int[]> blocks, List<int[]> widths) {
    /** The blocks, or all units as one. */
    List<int[]> evenBlocks() {
        return blocks.isEmpty() ? List.of(IntStream.range(0, units).toArray()) : blocks;
    }
}
