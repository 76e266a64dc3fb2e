package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * An input of a model, all known.
 *
 * @param shape the batch first
 * @param limit whole numbers are 0 to less than this; empty when the model looks nothing up by them
 */
@SuppressWarnings("ArrayRecordComponent") // a shape, copied at the edge, never compared
public record InputSpec(String name, Datatype type, long[] shape, OptionalLong limit) {
    public InputSpec {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }
}
