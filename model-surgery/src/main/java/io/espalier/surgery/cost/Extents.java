package io.espalier.surgery.cost;

import io.espalier.surgery.Extent;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How long dimensions are, in terms of the units that are kept of each group. */
final class Extents {
    private final Coupling coupling;
    private final Map<String, Integer> unitsOfGroup = new HashMap<>();

    Extents(Coupling coupling) {
        this.coupling = coupling;
        coupling.groups().forEach(group -> unitsOfGroup.put(group.id(), group.units()));
    }

    Extent of(Parameter parameter, int dim) {
        UnitIndex[] units = coupling.unitsOf(new ParameterDim(parameter, dim));
        int size = (int) parameter.shape()[dim];
        return of(units, size == 0 ? 1 : units.length / size);
    }

    /** Of the dimension along which a value loses indices; empty when it has none, or not equally much of each unit. */
    Optional<Extent> of(Value value) {
        return coupling.unitsOf(value)
                .filter(along -> isEven(along.units()))
                .map(along -> of(along.units(), 1))
                .filter(extent -> !extent.perUnit().isEmpty());
    }

    /**
     * {@code runs}: how often the dimension is listed, for as many groups of a convolution. Units of different blocks may
     * cover differently many indices; since equally many of each block go, their mean is exact.
     */
    private Extent of(UnitIndex[] units, int runs) {
        Map<String, Integer> indices = new LinkedHashMap<>();
        long fixed = 0;
        for (UnitIndex unit : units) {
            if (unit == null) {
                fixed++;
            } else {
                indices.merge(unit.group(), 1, Integer::sum);
            }
        }
        if (indices.isEmpty()) {
            return new Extent(fixed / Math.max(1, runs), indices, 1);
        }
        int whole = 1;
        for (Map.Entry<String, Integer> entry : indices.entrySet()) {
            int of = unitsOfGroup.get(entry.getKey());
            int part = of / gcd(of, entry.getValue());
            whole = whole / gcd(whole, part) * part;
        }
        int factor = whole;
        indices.replaceAll((group, count) -> Math.toIntExact((long) count * factor / unitsOfGroup.get(group)));
        return new Extent(fixed * factor, indices, factor * runs);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private boolean isEven(UnitIndex[] units) {
        Map<UnitIndex, Integer> counts = new HashMap<>();
        for (UnitIndex unit : units) {
            if (unit != null) {
                counts.merge(unit, 1, Integer::sum);
            }
        }
        Map<String, Set<Integer>> perGroup = new HashMap<>();
        counts.forEach((unit, count) ->
                perGroup.computeIfAbsent(unit.group(), g -> new HashSet<>()).add(count));
        return perGroup.entrySet().stream()
                .allMatch(e -> e.getValue().size() == 1
                        && counts.keySet().stream()
                                        .filter(unit -> unit.group().equals(e.getKey()))
                                        .count()
                                == unitsOfGroup.get(e.getKey()));
    }
}
