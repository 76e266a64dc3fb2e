package io.espalier.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.espalier.surgery.refit.Products;
import java.nio.DoubleBuffer;

/** Matrix products by the engine's BLAS, some ten times as fast as loops in Java. */
public final class EngineProducts implements Products {
    private final ModelRuntime runtime;

    public EngineProducts(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public double[] transposeTimes(double[] left, double[] right, int rows, int columns, int others) {
        try (PtNDManager scope = runtime.newManager()) {
            NDArray a = scope.create(DoubleBuffer.wrap(left, 0, rows * columns), new Shape(rows, columns));
            NDArray b = left == right && columns == others
                    ? a
                    : scope.create(DoubleBuffer.wrap(right, 0, rows * others), new Shape(rows, others));
            return a.transpose().matMul(b).toDoubleArray();
        }
    }
}
