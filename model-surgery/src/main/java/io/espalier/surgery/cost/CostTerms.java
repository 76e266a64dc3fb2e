package io.espalier.surgery.cost;

import io.espalier.surgery.CostTerm;
import io.espalier.surgery.Extent;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Products of numbers and extents, for one sample. What is never cut is folded into one number. */
final class CostTerms {
    private final Graph graph;
    private final Coupling coupling;
    private final List<long[]> shapes;
    private final Extents extents;

    /** {@code shapes}: of the graph's tensor values in order, of one recorded run. */
    CostTerms(Graph graph, List<long[]> shapes, Coupling coupling) {
        this.graph = graph;
        this.coupling = coupling;
        this.shapes = shapes;
        this.extents = new Extents(coupling);
    }

    /** {@code scale * product of the first dims of a parameter}, with what is never cut folded into the scale. */
    CostTerm of(String layer, long scale, Parameter parameter, int dims) {
        List<Extent> factors = new ArrayList<>();
        long fixed = scale;
        for (int d = 0; d < dims; d++) {
            Extent extent = extents.of(parameter, d);
            if (extent.perUnit().isEmpty()) {
                fixed = Math.multiplyExact(fixed, extent.fixed());
            } else {
                factors.add(extent);
            }
        }
        return new CostTerm(layer, fixed, factors);
    }

    /** {@code scale} times the elements of some values, for one sample. */
    CostTerm of(String layer, long scale, List<Value> values) {
        List<Extent> factors = new ArrayList<>();
        long fixed = scale;
        for (Value value : values) {
            long[] shape = shape(value);
            Optional<Extent> cut = extents.of(value);
            cut.ifPresent(factors::add);
            int cutDim = cut.isPresent() ? coupling.unitsOf(value).orElseThrow().dim() : -1;
            for (int d = 0; d < shape.length; d++) {
                fixed = d == cutDim ? fixed : Math.multiplyExact(fixed, shape[d]);
            }
        }
        return new CostTerm(layer, perSample(fixed), factors);
    }

    long[] shape(Value value) {
        return shapes.get(value.tensor());
    }

    long elements(Value value) {
        return Arrays.stream(shape(value)).reduce(1, Math::multiplyExact);
    }

    /** The whole count where the recorded batch does not divide it. */
    long perSample(long count) {
        long batch = graph.inputs().isEmpty() ? 1 : shapes.get(0)[0];
        return batch > 0 && count % batch == 0 ? count / batch : count;
    }
}
