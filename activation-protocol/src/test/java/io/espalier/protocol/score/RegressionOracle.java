package io.espalier.protocol.score;

/**
 * Least squares by the textbook: regresses one column on the others and a constant, by modified Gram-Schmidt on the rows
 * themselves. Forms no products of units and inverts nothing.
 */
final class RegressionOracle {
    private RegressionOracle() {}

    /**
     * Mean squared error of the best prediction, where {@code ridge} times the squared coefficients, but not the constant's,
     * is added to it while the best one is sought.
     *
     * @param rows [row][unit]
     */
    static double residualVariance(double[][] rows, int unit, double ridge) {
        int units = rows[0].length;
        double[][] centred = centred(rows);
        // A ridge is that many more rows which say that a coefficient is zero.
        double[][] columns = new double[units][rows.length + units];
        for (int column = 0; column < units; column++) {
            for (int row = 0; row < rows.length; row++) {
                columns[column][row] = centred[row][column];
            }
            columns[column][rows.length + column] = column == unit ? 0 : Math.sqrt(ridge * rows.length);
        }
        double[] left = columns[unit].clone();
        double[][] basis = new double[units][];
        for (int column = 0; column < units; column++) {
            if (column != unit) {
                double[] next = columns[column].clone();
                for (int before = 0; before < column; before++) {
                    if (basis[before] != null) {
                        subtractProjection(next, basis[before]);
                        subtractProjection(next, basis[before]);
                    }
                }
                basis[column] = next;
                subtractProjection(left, next);
            }
        }
        double squares = 0;
        for (int row = 0; row < rows.length; row++) {
            squares += left[row] * left[row];
        }
        return squares / rows.length;
    }

    private static double[][] centred(double[][] rows) {
        double[][] centred = new double[rows.length][rows[0].length];
        for (int column = 0; column < rows[0].length; column++) {
            double sum = 0;
            for (double[] row : rows) {
                sum += row[column];
            }
            for (int row = 0; row < rows.length; row++) {
                centred[row][column] = rows[row][column] - sum / rows.length;
            }
        }
        return centred;
    }

    private static void subtractProjection(double[] vector, double[] direction) {
        double norm = dot(direction, direction);
        double share = norm == 0 ? 0 : dot(vector, direction) / norm;
        for (int i = 0; i < vector.length; i++) {
            vector[i] -= share * direction[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
