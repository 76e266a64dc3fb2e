package io.espalier.sidecar.sampling;

import java.util.BitSet;
import java.util.List;

/**
 * The activations of one input.
 *
 * @param captured of the whole request, per capture point [batch][units][positions]; shared, not to be written
 * @param row which of the batch this sample is
 * @param points at which of the capture points it is sampled, one at least; shared, not to be written
 */
public record Sample(List<float[]> captured, int row, BitSet points) {}
