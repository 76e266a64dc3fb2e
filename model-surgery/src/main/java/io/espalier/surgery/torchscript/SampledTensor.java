package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Value;

/**
 * A tensor that {@code forward_sampled} returns as [batch, units, positions]. Dimension 0 is the batch.
 *
 * @param rank dimensions of the tensor
 * @param unitDim the dimension of its units, at least 1
 * @param picked indices into the flattened other dimensions; empty takes all of them
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record SampledTensor(Value value, int rank, int unitDim, long[] picked) {}
