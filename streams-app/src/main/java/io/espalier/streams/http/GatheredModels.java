package io.espalier.streams.http;

import io.espalier.streams.query.ModelOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts together what instances answer, in whatever order they do. */
final class GatheredModels {
    private final int partitions;
    private final NavigableMap<String, Views.Model> models = new TreeMap<>(ModelOrder.ofModels());
    private final Set<Integer> read = new TreeSet<>();
    private final List<String> silent = new ArrayList<>();
    private String end;

    GatheredModels(int partitions) {
        this.partitions = partitions;
    }

    synchronized void add(ModelsPart part) {
        part.models().forEach(model -> models.put(model.model(), model));
        read.addAll(part.partitions());
        if (part.more() && !part.models().isEmpty()) {
            // What comes behind it is not known of this instance, so that of others is left for the next page.
            String last = part.models().get(part.models().size() - 1).model();
            Comparator<String> order = ModelOrder.ofModels();
            end = end == null || order.compare(last, end) < 0 ? last : end;
        }
    }

    synchronized void silent(String why) {
        silent.add(why);
    }

    synchronized ModelsPart joined() {
        Map<String, Views.Model> known = end == null ? models : models.headMap(end, true);
        return new ModelsPart(List.copyOf(known.values()), end != null, Set.copyOf(read));
    }

    /** What keeps the list from being whole. An instance that is silent and has nothing that others lack does not. */
    synchronized Optional<String> missing() {
        if (read.size() >= partitions) {
            return Optional.empty();
        }
        String why = silent.isEmpty()
                ? "they move between instances, or are with one that has no espalier.application.server"
                : String.join("; ", silent);
        return Optional.of("the list lacks the models of " + (partitions - read.size()) + " of " + partitions
                + " partitions: " + why);
    }
}
