package io.espalier.surgery.refit;

import java.nio.DoubleBuffer;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** Matrices in Java's own memory: no call out of it, so the fastest for layers of few features. */
public final class HeapAlgebra implements LinearAlgebra {
    @Override
    public Matrix zeros(int rows, int columns) {
        return new HeapMatrix(new DMatrixRMaj(rows, columns));
    }

    @Override
    public Matrix of(int rows, int columns, Consumer<DoubleBuffer> writer) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
        writer.accept(DoubleBuffer.wrap(matrix.data));
        return new HeapMatrix(matrix);
    }

    @Override
    public void close() {
        // The collector's work.
    }

    private record HeapMatrix(DMatrixRMaj matrix) implements Matrix {
        private static DMatrixRMaj in(Matrix other) {
            return ((HeapMatrix) other).matrix;
        }

        @Override
        public int rows() {
            return matrix.numRows;
        }

        @Override
        public int columns() {
            return matrix.numCols;
        }

        @Override
        public void addScaled(double factor, Matrix other) {
            CommonOps_DDRM.addEquals(matrix, factor, in(other));
        }

        @Override
        public void addProduct(double factor, Matrix left, Matrix right) {
            CommonOps_DDRM.multAdd(factor, in(left), in(right), matrix);
        }

        @Override
        public void addTransposeProduct(double factor, Matrix left, Matrix right) {
            CommonOps_DDRM.multAddTransA(factor, in(left), in(right), matrix);
        }

        @Override
        public void addGram(Matrix rows) {
            addTransposeProduct(1, rows, rows);
        }

        @Override
        public void mirror() {
            // Products are computed whole.
        }

        @Override
        public void addToDiagonal(double term) {
            for (int i = 0; i < matrix.numRows; i++) {
                matrix.add(i, i, term);
            }
        }

        @Override
        public Matrix solve(Matrix right) {
            LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(matrix.numRows);
            if (!solver.setA(matrix)) {
                return null;
            }
            DMatrixRMaj solution = new DMatrixRMaj(matrix.numRows, right.columns());
            solver.solve(in(right), solution);
            return new HeapMatrix(solution);
        }

        @Override
        public Matrix columns(int from, int to) {
            return new HeapMatrix(CommonOps_DDRM.extract(matrix, 0, matrix.numRows, from, to));
        }

        @Override
        public Matrix part(int[] rows, int[] columns) {
            DMatrixRMaj part = new DMatrixRMaj(rows.length, columns.length);
            CommonOps_DDRM.extract(matrix, rows, rows.length, columns, columns.length, part);
            return new HeapMatrix(part);
        }

        @Override
        public Matrix copy() {
            return new HeapMatrix(matrix.copy());
        }

        @Override
        public double sumOfSquares() {
            double sum = 0;
            for (double value : matrix.data) {
                sum += value * value;
            }
            return sum;
        }

        @Override
        public double[] diagonal() {
            double[] diagonal = new double[matrix.numRows];
            for (int i = 0; i < diagonal.length; i++) {
                diagonal[i] = matrix.unsafe_get(i, i);
            }
            return diagonal;
        }

        @Override
        public double[] values() {
            return matrix.data.clone();
        }

        @Override
        public void close() {
            // The collector's work.
        }
    }
}
