package io.espalier.surgery.fold;

import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Parameter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Removed units of which some layer's filter, row or norm scale is exactly zero. */
final class SilentUnits {
    private final Map<ParameterDim, Set<Integer>> rows = new HashMap<>();
    private final Set<UnitIndex> units = new HashSet<>();

    SilentUnits(Graph graph, Coupling coupling, Set<UnitIndex> removed, StoredNumbers stored) {
        for (ParameterDim producer : coupling.producers()) {
            UnitIndex[] made = coupling.unitsOf(producer);
            int[] gone = IntStream.range(0, made.length)
                    .filter(i -> made[i] != null && removed.contains(made[i]))
                    .toArray();
            if (gone.length > 0 && producer.parameter().type().isReal()) {
                Set<Integer> silent = new TreeSet<>();
                stored.silent(producer.parameter(), producer.dim(), gone, silent::add);
                rows.put(producer, silent);
                silent.forEach(row -> units.add(made[row]));
            }
        }
        graph.operators().stream()
                .filter(operator -> operator.name().equals("batch_norm"))
                .flatMap(operator -> Arguments.stored(operator.argument(1)).stream())
                .forEach(scale -> addMuted(scale, coupling, removed, stored));
    }

    private void addMuted(Parameter scale, Coupling coupling, Set<UnitIndex> removed, StoredNumbers stored) {
        UnitIndex[] scaled = coupling.unitsOf(new ParameterDim(scale, 0));
        stored.vector(scale)
                .ifPresent(numbers -> IntStream.range(0, Math.min(numbers.length, scaled.length))
                        .filter(i -> numbers[i] == 0 && scaled[i] != null && removed.contains(scaled[i]))
                        .forEach(i -> units.add(scaled[i])));
    }

    boolean isEmpty() {
        return units.isEmpty();
    }

    boolean contains(UnitIndex unit) {
        return units.contains(unit);
    }

    /** Whether all weights that make this index of a weight's output are zero. */
    boolean isSilent(ParameterDim weight, int index) {
        return rows.getOrDefault(weight, Set.of()).contains(index);
    }
}
