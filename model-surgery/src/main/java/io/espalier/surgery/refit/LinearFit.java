package io.espalier.surgery.refit;

import java.util.Arrays;

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
    double[] columns() {
        double[] columns = new double[(features + 1) * outputs];
        for (int output = 0; output < outputs; output++) {
            for (int feature = 0; feature < features; feature++) {
                columns[feature * outputs + output] = weights[output * features + feature];
            }
            columns[features * outputs + output] = intercept[output];
        }
        return columns;
    }

    static LinearFit ofColumns(int features, int outputs, double[] columns) {
        double[] weights = new double[features * outputs];
        for (int feature = 0; feature < features; feature++) {
            for (int output = 0; output < outputs; output++) {
                weights[output * features + feature] = columns[feature * outputs + output];
            }
        }
        return new LinearFit(
                features, outputs, weights, Arrays.copyOfRange(columns, features * outputs, columns.length));
    }

    LinearFit withIntercept(double[] other) {
        return new LinearFit(features, outputs, weights, other);
    }
}
