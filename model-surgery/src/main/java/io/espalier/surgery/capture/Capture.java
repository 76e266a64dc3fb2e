package io.espalier.surgery.capture;

import io.espalier.surgery.graph.Value;

/**
 * An activation that can be sampled.
 *
 * @param rank dimensions of the tensor, the first of which is the batch
 * @param unitDim dimension of the units
 * @param positions how many positions of a unit are picked
 * @param picked indices into the other dimensions, flattened; empty when all are taken
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Capture(
        String name, String group, int units, Value value, int rank, int unitDim, int positions, long[] picked) {}
