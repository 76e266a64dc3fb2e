package io.espalier.surgery.torchscript;

import java.util.List;
import java.util.Optional;

/**
 * What runs of the model have shown of its tensors, in the order in which inlining meets them. An entry counts only while
 * inlining meets the same operators as when it was recorded.
 */
record Recording(List<Entry> entries) {
    static final Recording NONE = new Recording(List.of());

    /** {@code origin} names the operator and its place. */
    record Entry(String origin, TensorFact fact) {}

    Recording {
        entries = List.copyOf(entries);
    }

    Optional<TensorFact> fact(int tensor, String origin) {
        return tensor < entries.size() && entries.get(tensor).origin().equals(origin)
                ? Optional.of(entries.get(tensor).fact())
                : Optional.empty();
    }
}
