package io.espalier.runtime;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Matrices in the engine's memory, by its BLAS and LAPACK, some ten times as fast as loops in Java. What its Java side does
 * not offer, a small archive of our own does (src/main/python/make_algebra.py).
 */
public final class EngineAlgebra implements LinearAlgebra {
    /** Columns that a product with itself is made of at a time, those above the diagonal left out. */
    private static final long BLOCK = 512;

    private final PtNDManager manager;
    private final PtSymbolBlock archive;

    public EngineAlgebra(ModelRuntime runtime) {
        manager = runtime.newManager();
        try (InputStream stream = EngineAlgebra.class.getResourceAsStream("algebra.pt")) {
            archive = JniUtils.loadModule(manager, stream, false, false);
        } catch (IOException e) {
            throw new UncheckedIOException("algebra.pt is in this jar", e);
        }
    }

    @Override
    public Matrix zeros(int rows, int columns) {
        return new EngineMatrix((PtNDArray) manager.zeros(new Shape(rows, columns), DataType.FLOAT64), rows, columns);
    }

    @Override
    public Matrix of(int rows, int columns, Consumer<DoubleBuffer> writer) {
        PtNDArray array = manager.create(new Shape(rows, columns), DataType.FLOAT64);
        writer.accept(array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asDoubleBuffer());
        return new EngineMatrix(array, rows, columns);
    }

    @Override
    public void close() {
        archive.close();
        manager.close();
    }

    private PtNDArray run(String method, IValue... arguments) {
        // As for models: it compiles anew for each size it meets, and gains nothing.
        JniUtils.setGraphExecutorOptimize(false);
        try (IValue result = IValueUtils.runMethod(archive, method, arguments)) {
            return result.toTensor(manager);
        } finally {
            Arrays.stream(arguments).forEach(IValue::close);
        }
    }

    private PtNDArray indices(int[] indices) {
        return (PtNDArray) manager.create(Arrays.stream(indices).asLongStream().toArray());
    }

    private final class EngineMatrix implements Matrix {
        private final PtNDArray array;
        private final int rows;
        private final int columns;

        EngineMatrix(PtNDArray array, int rows, int columns) {
            this.array = array;
            this.rows = rows;
            this.columns = columns;
        }

        private static IValue of(Matrix other) {
            return IValue.from(((EngineMatrix) other).array);
        }

        private IValue self() {
            return IValue.from(array);
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int columns() {
            return columns;
        }

        @Override
        public void addScaled(double factor, Matrix other) {
            run("add_scaled", self(), IValue.from(factor), of(other)).close();
        }

        @Override
        public void addProduct(double factor, Matrix left, Matrix right) {
            run("add_product", self(), IValue.from(factor), of(left), of(right)).close();
        }

        @Override
        public void addTransposeProduct(double factor, Matrix left, Matrix right) {
            run("add_transpose_product", self(), IValue.from(factor), of(left), of(right))
                    .close();
        }

        @Override
        public void addGram(Matrix other) {
            run("add_gram", self(), of(other), IValue.from(BLOCK)).close();
        }

        @Override
        public void mirror() {
            run("mirror", self(), IValue.from(BLOCK)).close();
        }

        @Override
        public void addToDiagonal(double term) {
            run("add_to_diagonal", self(), IValue.from(term)).close();
        }

        @Override
        public Matrix solve(Matrix right) {
            try (PtNDArray failed = run("decompose", self())) {
                return failed.toIntArray()[0] == 0
                        ? new EngineMatrix(run("solve", self(), of(right)), rows, right.columns())
                        : null;
            }
        }

        @Override
        public Matrix columns(int from, int to) {
            PtNDArray some = run("columns", self(), IValue.from((long) from), IValue.from((long) to));
            return new EngineMatrix(some, rows, to - from);
        }

        @Override
        public Matrix part(int[] some, int[] others) {
            try (PtNDArray first = indices(some);
                    PtNDArray second = indices(others)) {
                PtNDArray part = run("part", self(), IValue.from(first), IValue.from(second));
                return new EngineMatrix(part, some.length, others.length);
            }
        }

        @Override
        public Matrix copy() {
            return new EngineMatrix(run("copy", self()), rows, columns);
        }

        @Override
        public double sumOfSquares() {
            try (PtNDArray sum = run("sum_of_squares", self())) {
                return sum.toDoubleArray()[0];
            }
        }

        @Override
        public double[] diagonal() {
            try (PtNDArray diagonal = run("diagonal", self())) {
                return diagonal.toDoubleArray();
            }
        }

        @Override
        public double[] values() {
            return array.toDoubleArray();
        }

        @Override
        public void close() {
            array.close();
        }
    }
}
