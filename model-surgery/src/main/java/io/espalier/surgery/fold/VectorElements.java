package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import java.util.Optional;

/** Numbers of stored tensors that running the model does not change. */
final class VectorElements {
    private final StoredNumbers stored;
    private final Overwritten overwritten;

    VectorElements(StoredNumbers stored, Overwritten overwritten) {
        this.stored = stored;
        this.overwritten = overwritten;
    }

    /** An element of a stored vector, or its only one; empty where it is not known, or there is no vector. */
    Optional<Double> element(Argument vector, int index) {
        return Arguments.stored(vector)
                .filter(p -> !overwritten.contains(p))
                .flatMap(stored::vector)
                .filter(all -> all.length == 1 || (index >= 0 && index < all.length))
                .map(all -> all[all.length == 1 ? 0 : index]);
    }

    /** As {@link #element(Argument, int)}, and {@code absent} where there is no vector. */
    Optional<Double> element(Argument vector, int index, double absent) {
        return Arguments.isNone(vector) ? Optional.of(absent) : element(vector, index);
    }

    /** As {@link StoredNumbers#rowSums}; empty where they are not known. */
    Optional<double[]> rowSums(Argument weight) {
        return Arguments.stored(weight)
                .filter(p -> p.type().isReal())
                .filter(p -> !overwritten.contains(p))
                .map(stored::rowSums);
    }
}
