package io.espalier.runtime;

import java.util.List;

/**
 * What a smaller version is compared on.
 *
 * @param random how many random inputs, 1 or more
 * @param seed of the random inputs
 * @param sampled inputs from live traffic, a tensor per input of the model; may be empty
 */
public record EquivalenceInputs(int random, long seed, List<List<Tensor>> sampled) {
    public EquivalenceInputs {
        if (random < 1) {
            throw new IllegalArgumentException("random inputs must be 1 or more, not " + random);
        }
        sampled = List.copyOf(sampled);
    }
}
