package io.espalier.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far one model's outputs are from another's over all inputs compared so far; of all outputs, the worst.
 *
 * <ul>
 *   <li>An output of a floating type: the largest absolute difference over the largest absolute value of the reference,
 *       both over all inputs.
 *   <li>An output of whole numbers or truth values (a class, a mask): the share of its elements that differ. Rounding may
 *       turn a choice between equals, and does so as rarely as two scores are equal to within it.
 *   <li>An output that is zero as far as its own rounding can tell ({@link RoundingNoise}) is equal to zero.
 *   <li>NaN where the reference answers NaN as well, in the same places, says nothing either way: one odd input in a
 *       sample of traffic rejects no version. An output that was NaN in all places, on all inputs, proves nothing, and
 *       is infinitely far.
 *   <li>Outputs that differ in number, shape or type, or hold a NaN or an infinity where the other does not, are
 *       infinitely far.
 * </ul>
 */
public final class Equivalence {
    /** Differences below this share of an output are no reason to look closer. */
    private static final double SUSPECT = 1e-5;

    private final List<OutputError> outputs = new ArrayList<>();
    private boolean comparable = true;

    /** Runs both models on one input and takes what they answer into account. */
    public void compare(LoadedModel model, LoadedModel reference, List<Tensor> input) {
        List<Tensor> actual = model.forward(input);
        List<Tensor> expected = reference.forward(input);
        compare(actual, expected, new RoundingNoise(model, actual, reference, expected, input));
    }

    void compare(List<Tensor> actual, List<Tensor> expected) {
        compare(actual, expected, RoundingNoise.UNKNOWN);
    }

    private void compare(List<Tensor> actual, List<Tensor> expected, RoundingNoise noise) {
        if (outputs.isEmpty()) {
            expected.forEach(output -> outputs.add(new OutputError()));
        }
        comparable &= actual.size() == expected.size() && expected.size() == outputs.size();
        for (int i = 0; comparable && i < outputs.size(); i++) {
            comparable = actual.get(i).type() == expected.get(i).type()
                    && Arrays.equals(actual.get(i).shape(), expected.get(i).shape());
            if (comparable) {
                OutputError error = OutputError.between(actual.get(i), expected.get(i));
                if (error.relative() > SUSPECT && noise.drowns(i)) {
                    error.forget();
                }
                outputs.get(i).add(error);
            }
        }
    }

    /**
     * The error so far, 0 or more, infinite where nothing can be compared.
     *
     * @throws IllegalStateException when nothing was compared: no evidence is not equality
     */
    public double maxRelativeError() {
        if (outputs.isEmpty()) {
            throw new IllegalStateException("no input was compared");
        }
        boolean proven = comparable && outputs.stream().anyMatch(OutputError::isProven);
        return proven
                ? outputs.stream().mapToDouble(OutputError::relative).max().getAsDouble()
                : Double.POSITIVE_INFINITY;
    }
}
