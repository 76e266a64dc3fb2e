package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import java.util.List;

/**
 * Unlabelled inputs of a model.
 *
 * @param samples to begin with, a tensor per input of the model each, batch 1
 * @param live further ones, that take the places of the oldest when a network is trained
 */
public record InputSource(List<List<Tensor>> samples, LiveInputs live) {
    /** These and no others. */
    public static InputSource of(List<List<Tensor>> samples) {
        return new InputSource(samples, LiveInputs.NONE);
    }

    boolean isLive() {
        return live != LiveInputs.NONE;
    }
}
