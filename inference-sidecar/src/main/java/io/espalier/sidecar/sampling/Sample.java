package io.espalier.sidecar.sampling;

import java.util.List;

/**
 * The activations of one input.
 *
 * @param captured of the whole request, per capture point [batch][units][positions]; shared, not to be written
 * @param row which of the batch this sample is
 */
public record Sample(List<float[]> captured, int row) {}
