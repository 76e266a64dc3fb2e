package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** In which order units arrive where they were surveyed in another. */
final class ArrivalOrders {
    private final LabelSets sets;
    private final IntPredicate stays;
    private final Map<ParameterDim, List<int[]>> met = new HashMap<>();

    ArrivalOrders(LabelSets sets, IntPredicate stays) {
        this.sets = sets;
        this.stays = stays;
    }

    Map<ParameterDim, List<int[]>> met() {
        return met;
    }

    /** Where the given units were among all, when they are those that stay, each once. */
    Optional<int[]> order(int[] surveyed, int[] given) {
        Map<Integer, Integer> indices = new HashMap<>();
        for (int i = 0; i < surveyed.length; i++) {
            if (stays.test(surveyed[i])) {
                indices.put(sets.root(surveyed[i]), i);
            }
        }
        int[] order = new int[given.length];
        for (int i = 0; i < given.length; i++) {
            Integer index = indices.remove(sets.root(given[i]));
            if (index == null) {
                return Optional.empty();
            }
            order[i] = index;
        }
        return indices.isEmpty() ? Optional.of(order) : Optional.empty();
    }

    /** Notes the order in which a stored dimension meets units; false when there is none, or was another before. */
    boolean meet(Parameter parameter, int dim, int[] surveyed, int[] given) {
        int size = (int) parameter.shape()[dim];
        int runs = surveyed.length / size;
        if (given == null || given.length % runs != 0) {
            return false;
        }
        List<int[]> orders = new ArrayList<>();
        int each = given.length / runs;
        for (int run = 0; run < runs; run++) {
            Optional<int[]> order = order(
                    Arrays.copyOfRange(surveyed, run * size, (run + 1) * size),
                    Arrays.copyOfRange(given, run * each, (run + 1) * each));
            if (order.isEmpty()) {
                return false;
            }
            orders.add(order.get());
        }
        List<int[]> before = met.putIfAbsent(new ParameterDim(parameter, dim), orders);
        return before == null || Arrays.deepEquals(before.toArray(), orders.toArray());
    }
}
