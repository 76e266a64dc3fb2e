package io.espalier.surgery.refit;

import java.util.Arrays;
import java.util.Random;

/**
 * Observations as they were drawn, for what is computed from sums only.
 *
 * @param seen [count][features + 1], the last column ones
 * @param targets [count][outputs]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DrawnObservations(int features, int outputs, double[] seen, double[] targets, int count) {
    private static final int CHUNK = 37;

    /** {@code shared}: share of each feature that all have in common. */
    static DrawnObservations of(Random random, int count, LinearFit truth, double noise, double shared) {
        int features = truth.features();
        int outputs = truth.outputs();
        double[] seen = new double[count * (features + 1)];
        double[] targets = new double[count * outputs];
        for (int row = 0; row < count; row++) {
            double common = random.nextGaussian();
            for (int i = 0; i < features; i++) {
                double own = random.nextGaussian();
                seen[row * (features + 1) + i] = shared * common + (1 - shared) * own + 0.5 * i;
            }
            seen[row * (features + 1) + features] = 1;
            for (int o = 0; o < outputs; o++) {
                targets[row * outputs + o] = given(truth, seen, row, o) + noise * random.nextGaussian();
            }
        }
        return new DrawnObservations(features, outputs, seen, targets, count);
    }

    static LinearFit randomFit(Random random, int features, int outputs) {
        return new LinearFit(
                features,
                outputs,
                random.doubles((long) features * outputs, -1, 1).toArray(),
                random.doubles(outputs, -1, 1).toArray());
    }

    private static double given(LinearFit fit, double[] seen, int row, int output) {
        double value = fit.intercept()[output];
        for (int i = 0; i < fit.features(); i++) {
            value += fit.weights()[output * fit.features() + i] * seen[row * (fit.features() + 1) + i];
        }
        return value;
    }

    /** Mean over observations of the squared distance between targets and fit. */
    double error(LinearFit fit) {
        double sum = 0;
        for (int row = 0; row < count; row++) {
            for (int o = 0; o < outputs; o++) {
                double difference = given(fit, seen, row, o) - targets[row * outputs + o];
                sum += difference * difference;
            }
        }
        return sum / count;
    }

    /** Of one group, in parts, as batches come. */
    void each(LinearAlgebra algebra, int group, Observations.Rows rows) {
        for (int from = 0; from < count; from += CHUNK) {
            int to = Math.min(count, from + CHUNK);
            try (Matrix some = matrix(algebra, seen, from, to, features + 1);
                    Matrix wanted = matrix(algebra, targets, from, to, outputs)) {
                rows.take(group, some, wanted);
            }
        }
    }

    private static Matrix matrix(LinearAlgebra algebra, double[] all, int from, int to, int width) {
        double[] part = Arrays.copyOfRange(all, from * width, to * width);
        return algebra.of(to - from, width, buffer -> buffer.put(part));
    }

    /** As observations of a layer of one group. */
    static Observations split(LinearAlgebra algebra, DrawnObservations fitted, DrawnObservations heldOut) {
        return (part, first, end, rows) -> (part == Observations.Part.FITTED ? fitted : heldOut).each(algebra, 0, rows);
    }
}
