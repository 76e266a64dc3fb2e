package io.espalier.streams.query;

import java.util.List;
import java.util.Set;

/**
 * A page of the models of this instance.
 *
 * @param models in the order of their keys
 * @param more whether others come after them
 * @param partitions those that were read; models of others are with other instances, or with none at the moment
 */
public record LocalModels(List<String> models, boolean more, Set<Integer> partitions) {
    public LocalModels {
        models = List.copyOf(models);
        partitions = Set.copyOf(partitions);
    }
}
