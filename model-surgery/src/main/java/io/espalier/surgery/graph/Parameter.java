package io.espalier.surgery.graph;

import java.util.Arrays;

/**
 * A stored tensor. Attributes that are the same memory seen in the same way are one parameter.
 *
 * @param id position among the graph's parameters
 * @param name its first name in the file
 * @param layer name of the layer that owns it
 * @param overlaps whether another stored tensor sees a part of the same memory in another way
 */
@SuppressWarnings("ArrayRecordComponent") // a shape, copied at the edge; parameters are compared by id
public record Parameter(
        int id, String name, String layer, Role role, ElementType type, long[] shape, boolean overlaps) {
    public Parameter {
        shape = shape.clone();
    }

    /** Whether training would change it; a constant was one or the other before the model was frozen. */
    public enum Role {
        PARAMETER,
        BUFFER,
        CONSTANT
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Parameter parameter && parameter.id == id && parameter.name.equals(name);
    }

    @Override
    public int hashCode() {
        return id;
    }
}
