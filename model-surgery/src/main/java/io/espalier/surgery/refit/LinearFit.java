package io.espalier.surgery.refit;

import java.nio.DoubleBuffer;

/**
 * What a layer computes at one position: {@code y = W x + b}.
 *
 * @param weights row-major, [outputs][features]
 * @param intercept one number per output
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record LinearFit(int features, int outputs, double[] weights, double[] intercept) {
    public LinearFit {
        if (weights.length != features * outputs || intercept.length != outputs) {
            throw new IllegalArgumentException(weights.length + " weights and " + intercept.length + " intercepts for "
                    + outputs + " outputs of " + features + " features");
        }
    }

    /** [features + 1][outputs], the intercept last: what rows of features and a 1 are multiplied with. */
    Matrix columns(LinearAlgebra algebra) {
        return algebra.of(features + 1, outputs, buffer -> {
            writeTransposed(0, features, buffer);
            buffer.put(features * outputs, intercept);
        });
    }

    /** The weights of some features, [end - first][outputs]. */
    Matrix columns(LinearAlgebra algebra, int first, int end) {
        return algebra.of(end - first, outputs, buffer -> writeTransposed(first, end, buffer));
    }

    private void writeTransposed(int first, int end, DoubleBuffer buffer) {
        for (int output = 0; output < outputs; output++) {
            for (int feature = first; feature < end; feature++) {
                buffer.put((feature - first) * outputs + output, weights[output * features + feature]);
            }
        }
    }

    /**
     * With something added.
     *
     * @param changed the features whose weights change
     * @param terms [changed][outputs]
     * @param interceptTerms one number per output
     */
    LinearFit plus(int[] changed, double[] terms, double[] interceptTerms) {
        double[] sum = weights.clone();
        double[] shifted = intercept.clone();
        for (int output = 0; output < outputs; output++) {
            for (int i = 0; i < changed.length; i++) {
                sum[output * features + changed[i]] += terms[i * outputs + output];
            }
            shifted[output] += interceptTerms[output];
        }
        return new LinearFit(features, outputs, sum, shifted);
    }
}
