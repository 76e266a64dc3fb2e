package io.espalier.surgery;

import io.espalier.surgery.graph.ElementType;

/** Shape, batch first, and element type of a tensor that a model is given. */
@SuppressWarnings("ArrayRecordComponent") // a shape, copied at the edge
public record ExampleInput(long[] shape, ElementType type) {
    public ExampleInput {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }
}
