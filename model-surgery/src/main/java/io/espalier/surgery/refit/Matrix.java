package io.espalier.surgery.refit;

/**
 * A matrix of numbers in double precision that stays where it is computed with. What changes it does so in place, so that
 * sums over many observations need the memory of one matrix. Matrices come from one {@link LinearAlgebra} and are not mixed
 * with those of another.
 */
public interface Matrix extends AutoCloseable {
    int rows();

    int columns();

    /** Adds {@code factor} times another of the same size. */
    void addScaled(double factor, Matrix other);

    /** Adds {@code factor} times the product of two others. */
    void addProduct(double factor, Matrix left, Matrix right);

    /** Adds {@code factor} times the product of the transpose of one and another with as many rows. */
    void addTransposeProduct(double factor, Matrix left, Matrix right);

    /**
     * Adds the product of the transpose of {@code rows} and {@code rows} to a square matrix, whose upper triangle then holds
     * anything until {@link #mirror}.
     */
    void addGram(Matrix rows);

    /** Copies the lower triangle to the upper one. */
    void mirror();

    /** Adds a number to every element of the diagonal. */
    void addToDiagonal(double term);

    /**
     * Solves {@code this X = right} for a symmetric matrix whose lower triangle is given, by Cholesky's decomposition in
     * place: afterwards this matrix holds anything.
     *
     * @return X, or null when this matrix is not positive definite
     */
    Matrix solve(Matrix right);

    /** Some columns, to be read only: they may be the same numbers in memory, and go when this matrix is closed. */
    Matrix columns(int from, int to);

    /** The elements in these rows and columns, copied. */
    Matrix part(int[] rows, int[] columns);

    Matrix copy();

    double sumOfSquares();

    double[] diagonal();

    /** Row-major. */
    double[] values();

    /** Gives the memory back. */
    @Override
    void close();
}
