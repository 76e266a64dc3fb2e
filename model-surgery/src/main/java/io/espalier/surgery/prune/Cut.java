package io.espalier.surgery.prune;

import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Parameter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What a plan takes from each stored tensor and from the counts in the code. */
public final class Cut {
    private final Coupling coupling;
    private final Set<UnitIndex> removed = new HashSet<>();

    /** The plan must have been checked against the model. */
    public Cut(Coupling coupling, PruningPlan plan) {
        this.coupling = coupling;
        plan.remove().forEach((group, units) -> {
            for (int unit : units) {
                removed.add(new UnitIndex(group, unit));
            }
        });
    }

    private boolean stays(UnitIndex unit) {
        return unit == null || !removed.contains(unit);
    }

    /** By dimension, the indices of a parameter that remain, ascending; only dimensions that lose some. */
    public Map<Integer, int[]> kept(Parameter parameter) {
        Map<Integer, int[]> kept = new TreeMap<>();
        for (int d = 0; d < parameter.shape().length; d++) {
            UnitIndex[] units = coupling.unitsOf(new ParameterDim(parameter, d));
            int[] staying = IntStream.range(0, units.length)
                    .filter(i -> stays(units[i]))
                    .toArray();
            if (staying.length < units.length) {
                kept.put(d, staying);
            }
        }
        return kept;
    }

    /** By dimension, the indices of a parameter that read removed units. */
    public Map<Integer, int[]> blanked(Parameter parameter) {
        Map<Integer, int[]> blanked = new TreeMap<>();
        for (int d = 0; d < parameter.shape().length; d++) {
            ParameterDim at = new ParameterDim(parameter, d);
            if (coupling.consumers().contains(at)) {
                UnitIndex[] units = coupling.unitsOf(at);
                int[] gone = IntStream.range(0, units.length)
                        .filter(i -> !stays(units[i]))
                        .toArray();
                if (gone.length > 0) {
                    blanked.put(d, gone);
                }
            }
        }
        return blanked;
    }

    /** New values of the literals that count units, by site. */
    public Map<Integer, Long> literals() {
        Map<Integer, Long> literals = new LinkedHashMap<>();
        coupling.counts().forEach((site, units) -> {
            long left = Arrays.stream(units).filter(this::stays).count();
            if (left < units.length) {
                literals.put(site, left);
            }
        });
        return literals;
    }

    static long[] shapeAfter(Parameter parameter, Map<Integer, int[]> kept) {
        long[] shape = parameter.shape();
        kept.forEach((dim, indices) -> shape[dim] = indices.length);
        return shape;
    }
}
