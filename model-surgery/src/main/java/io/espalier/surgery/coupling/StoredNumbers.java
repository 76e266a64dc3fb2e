package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Parameter;
import java.util.Optional;

/** Reads small stored tensors, which traced code holds its numbers and indices in. */
public interface StoredNumbers {
    /** A Long, Double or Boolean; empty for a tensor that has dimensions. */
    Optional<Object> of(Parameter parameter);

    /** The whole numbers of a tensor of one dimension; empty for any other, and for one that is not small. */
    default Optional<long[]> list(Parameter parameter) {
        return Optional.empty();
    }
}
