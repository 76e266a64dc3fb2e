package io.espalier.surgery.refit;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Least squares with a penalty on the weights' distance from where they were: minimises {@code sum |y - W x - b|^2 + lambda
 * t |W - W0|^2}, where {@code t} is the mean diagonal of the features' sums of squares, so that {@code lambda} has no unit
 * (Hoerl and Kennard, "Ridge regression", Technometrics 1970). The intercept {@code b} is free.
 */
final class Ridge {
    private final NormalEquations sums;
    private final LinearFit start;
    private final boolean intercept;

    /** {@code intercept}: whether the layer has a place for one; else it stays as it is. */
    Ridge(NormalEquations sums, LinearFit start, boolean intercept) {
        this.sums = sums;
        this.start = start;
        this.intercept = intercept;
    }

    /** Empty when even the penalty does not make the equations solvable: a larger one may. */
    Optional<LinearFit> solve(double lambda) {
        int features = sums.features();
        DMatrixRMaj matrix = new DMatrixRMaj(features, features);
        double trace = 0;
        for (int i = 0; i < features; i++) {
            for (int j = 0; j < features; j++) {
                matrix.unsafe_set(i, j, spread(i, j));
            }
            trace += matrix.unsafe_get(i, i);
        }
        double penalty = lambda * trace / features;
        DMatrixRMaj right = new DMatrixRMaj(features, sums.outputs());
        for (int i = 0; i < features; i++) {
            matrix.unsafe_set(i, i, matrix.unsafe_get(i, i) + penalty);
            for (int output = 0; output < sums.outputs(); output++) {
                right.unsafe_set(i, output, spreadWith(i, output) + penalty * start.weights()[output * features + i]);
            }
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(features);
        if (!(trace > 0) || !solver.setA(matrix)) {
            return Optional.empty();
        }
        DMatrixRMaj columns = new DMatrixRMaj(features, sums.outputs());
        solver.solve(right, columns);
        double[] weights = new double[features * sums.outputs()];
        for (int i = 0; i < features; i++) {
            for (int output = 0; output < sums.outputs(); output++) {
                weights[output * features + i] = columns.unsafe_get(i, output);
            }
        }
        LinearFit fit = new LinearFit(features, sums.outputs(), weights, start.intercept());
        return Optional.of(intercept ? sums.centred(fit) : fit);
    }

    /** Sum of the product of two features, about their means where an intercept takes these up. */
    private double spread(int i, int j) {
        int one = sums.features();
        double means = intercept ? sums.gram(i, one) * sums.gram(j, one) / sums.rows() : 0;
        return sums.gram(i, j) - means;
    }

    private double spreadWith(int i, int output) {
        int one = sums.features();
        double means = intercept
                ? sums.gram(i, one) * sums.moment(one, output) / sums.rows()
                : sums.gram(i, one) * start.intercept()[output];
        return sums.moment(i, output) - means;
    }
}
