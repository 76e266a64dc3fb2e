package io.espalier.surgery;

import java.util.List;

/**
 * The shapes of one recorded run: one per tensor value of the graph, in the order of
 * {@link io.espalier.surgery.graph.Graph#tensors()}, as the method {@code forward_profiled} returns them.
 */
public record ShapeProfile(List<long[]> shapes) {
    public ShapeProfile {
        shapes = shapes.stream().map(long[]::clone).toList();
    }

    public long[] shape(int tensor) {
        return shapes.get(tensor).clone();
    }
}
