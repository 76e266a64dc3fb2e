package io.espalier.surgery.refit;

import java.nio.DoubleBuffer;
import java.util.function.Consumer;

/** Makes matrices, wherever they are computed with fastest. Closing it frees those that are not closed yet. */
public interface LinearAlgebra extends AutoCloseable {
    /** A matrix of zeros. */
    Matrix zeros(int rows, int columns);

    /** A matrix of what is written, row-major and whole, to the buffer, which is not the writer's to keep. */
    Matrix of(int rows, int columns, Consumer<DoubleBuffer> writer);

    @Override
    void close();
}
