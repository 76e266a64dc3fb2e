package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers for all that a unit can reach: dimensions of stored tensors, tensors that are computed, parts that must stay
 * even. Two units that reach the same places may stand for each other.
 */
final class TrunkPlaces {
    private final Map<Object, Integer> numbers = new HashMap<>();

    /** {@code run}: of the input channels of a convolution in groups, those of which group. */
    private record Stored(Parameter parameter, int dim, int run) {}

    private record Part(int operator, int balance, int block) {}

    int of(Value value) {
        return number(value);
    }

    int of(Parameter parameter, int dim, int run) {
        return number(new Stored(parameter, dim, run));
    }

    int ofPart(int operator, int balance, int block) {
        return number(new Part(operator, balance, block));
    }

    private int number(Object place) {
        return numbers.computeIfAbsent(place, p -> numbers.size());
    }
}
