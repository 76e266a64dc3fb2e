package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.Map;

/** Along which dimension each value loses indices, with the label of every index. */
final class CutDims {
    private final Map<Value, Integer> dims = new HashMap<>();
    private final Map<Value, int[]> lines = new HashMap<>();

    void put(Value value, int dim, int[] line) {
        dims.put(value, dim);
        lines.put(value, line);
    }

    boolean has(Value value) {
        return dims.containsKey(value);
    }

    int of(Value value) {
        return dims.get(value);
    }

    int[] line(Value value) {
        return lines.get(value);
    }
}
