package io.espalier.surgery.capture;

import io.espalier.surgery.stage.Tap;

/**
 * An activation that can be sampled.
 *
 * @param positions how many positions of a unit are picked
 * @param tap of the tensor, whose first dimension is the batch
 */
public record Capture(String name, String group, int units, int positions, Tap tap) {}
