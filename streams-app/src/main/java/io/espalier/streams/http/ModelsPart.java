package io.espalier.streams.http;

import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * A page of the models of one instance, or of several.
 *
 * @param models in the order of their keys
 * @param more whether others come after them
 * @param partitions whose models they are
 */
record ModelsPart(List<Views.Model> models, boolean more, Set<Integer> partitions) {
    Iterator<Named> elements() {
        return models.stream()
                .map(model -> new Named(model.model(), () -> model))
                .iterator();
    }
}
