package io.espalier.surgery.stage;

import io.espalier.surgery.graph.Value;

/**
 * A tensor to look at, given back as float32 [first dimension, units, picked positions].
 *
 * @param at index of the operator before which it is looked at: an in-place operator may overwrite it later
 * @param rank dimensions of the tensor, 2 or more
 * @param unitDim the dimension of its units, at least 1
 * @param padding zeros to put around the dimensions behind the units first, in the order of {@code constant_pad_nd} (last
 *     dimension first, before and after); empty for none
 * @param picked indices into the other dimensions, padded and flattened, in any order and as often as wanted; empty takes
 *     all of them
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Tap(Value value, int at, int rank, int unitDim, long[] padding, long[] picked) {}
