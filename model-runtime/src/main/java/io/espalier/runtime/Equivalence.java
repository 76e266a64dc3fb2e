package io.espalier.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far one model's outputs are from another's over all inputs compared so far. Per output, the largest absolute
 * difference over the largest absolute value of the reference; of all outputs, the worst.
 *
 * <p>Outputs that differ in number or shape, hold a NaN, or hold an infinity where the other does not, are infinitely far.
 */
public final class Equivalence {
    private final List<OutputError> outputs = new ArrayList<>();
    private boolean comparable = true;

    /** Runs both models on one input and takes what they answer into account. */
    public void compare(LoadedModel model, LoadedModel reference, List<FloatTensor> input) {
        compare(model.forward(input), reference.forward(input));
    }

    void compare(List<FloatTensor> actual, List<FloatTensor> expected) {
        if (outputs.isEmpty()) {
            expected.forEach(output -> outputs.add(new OutputError()));
        }
        comparable &= actual.size() == expected.size() && expected.size() == outputs.size();
        for (int i = 0; comparable && i < outputs.size(); i++) {
            comparable = Arrays.equals(actual.get(i).shape(), expected.get(i).shape());
            if (comparable) {
                outputs.get(i).add(actual.get(i).data(), expected.get(i).data());
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
        return comparable
                ? outputs.stream().mapToDouble(OutputError::relative).max().getAsDouble()
                : Double.POSITIVE_INFINITY;
    }

    private static final class OutputError {
        private double difference;
        private double magnitude;

        void add(float[] actual, float[] expected) {
            for (int i = 0; i < expected.length; i++) {
                if (Float.isFinite(actual[i]) && Float.isFinite(expected[i])) {
                    difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
                    magnitude = Math.max(magnitude, Math.abs((double) expected[i]));
                } else if (actual[i] != expected[i]) {
                    // NaN among them, on either side: a model that answers NaN proves nothing.
                    difference = Double.POSITIVE_INFINITY;
                }
            }
        }

        double relative() {
            return difference == 0 ? 0 : difference / magnitude;
        }
    }
}
