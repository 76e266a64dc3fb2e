package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Parameter;
import java.util.Optional;

/** Reads stored tensors of a single element, which traced code holds its numbers in. */
public interface StoredNumbers {
    /** A Long, Double or Boolean; empty for a tensor of more dimensions. */
    Optional<Object> of(Parameter parameter);
}
