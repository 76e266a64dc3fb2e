package io.espalier.surgery.refit;

/** Matrix products in double precision, wherever they are computed fastest. Matrices are row-major. */
@FunctionalInterface
public interface Products {
    /**
     * The transpose of one matrix times another with as many rows.
     *
     * @param left {@code rows} x {@code columns}
     * @param right {@code rows} x {@code others}
     * @return {@code columns} x {@code others}
     */
    double[] transposeTimes(double[] left, double[] right, int rows, int columns, int others);
}
