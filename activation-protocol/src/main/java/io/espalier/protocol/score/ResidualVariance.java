package io.espalier.protocol.score;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * How much of each unit's variance the other units do not explain: the mean squared error of the best linear prediction of
 * it, with a constant, from all others. With the squared norm of the weights that read the unit, this is what removing it
 * costs once those weights were refitted: the saliency of the optimal brain surgeon (Hassibi and Stork, "Second order
 * derivatives for network pruning", NeurIPS 1992) for a layer's squared error, and a unit for a weight.
 *
 * <p>With {@code C} the covariance of the units, {@code n} their number and {@code lambda = 1e-3 trace(C) / n}, let
 * {@code K = (C + lambda I)^-1}. The ridge regression of unit u on the others has the coefficients {@code -K_vu / K_uu},
 * and its mean squared error is {@code 1 / K_uu - lambda sum over v of (K_vu / K_uu)^2}, v = u included: without lambda,
 * {@code 1 / [C^-1]_uu}. The constant is not penalised: centring has taken it out. The only class that knows EJML.
 *
 * <p>With no more rows than units, units explain each other by chance, and the values say little.
 */
final class ResidualVariance {
    /** As the refit that follows a cut is regularised by default: what that could not undo, this does not overlook. */
    private static final double RIDGE = 1e-3;

    private ResidualVariance() {}

    /**
     * Solves for all units at once, in time of the cube of their number.
     *
     * @param rows samples times positions, 1 or more
     * @param sums of each unit over the rows
     * @param products over the same rows
     * @return per unit, from 0 to its variance; empty when no activations have such sums
     */
    static Optional<double[]> of(long rows, double[] sums, ProductSums products) {
        int units = sums.length;
        DMatrixRMaj covariance = covariance(rows, sums, products.triangle());
        double trace = CommonOps_DDRM.trace(covariance);
        if (trace == 0) {
            return Optional.of(new double[units]);
        }
        double lambda = RIDGE * trace / units;
        return inverse(covariance, lambda)
                .map(inverse -> residuals(covariance, lambda, inverse))
                .filter(values -> Arrays.stream(values).allMatch(Double::isFinite));
    }

    private static double[] residuals(DMatrixRMaj covariance, double lambda, DMatrixRMaj inverse) {
        double[] residuals = new double[covariance.getNumRows()];
        for (int unit = 0; unit < residuals.length; unit++) {
            double own = inverse.get(unit, unit);
            double squares = 0;
            for (int other = 0; other < residuals.length; other++) {
                double coefficient = inverse.get(unit, other) / own;
                squares += coefficient * coefficient;
            }
            double error = 1 / own - lambda * squares;
            residuals[unit] = Math.max(0, Math.min(error, covariance.get(unit, unit)));
        }
        return residuals;
    }

    private static DMatrixRMaj covariance(long rows, double[] sums, double[] triangle) {
        DMatrixRMaj covariance = new DMatrixRMaj(sums.length, sums.length);
        int at = 0;
        for (int u = 0; u < sums.length; u++) {
            for (int v = u; v < sums.length; v++) {
                double value = triangle[at++] / rows - sums[u] / rows * (sums[v] / rows);
                // The variance of a constant can come out a little below zero.
                double possible = u == v ? Math.max(0, value) : value;
                covariance.set(u, v, possible);
                covariance.set(v, u, possible);
            }
        }
        return covariance;
    }

    private static Optional<DMatrixRMaj> inverse(DMatrixRMaj covariance, double lambda) {
        int units = covariance.getNumRows();
        DMatrixRMaj regular = covariance.copy();
        for (int unit = 0; unit < units; unit++) {
            regular.add(unit, unit, lambda);
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(units);
        if (!solver.setA(regular)) {
            return Optional.empty();
        }
        DMatrixRMaj inverse = new DMatrixRMaj(units, units);
        solver.invert(inverse);
        return Optional.of(inverse);
    }
}
