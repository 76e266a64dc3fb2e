package io.espalier.surgery.prune;

import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.Rewrite;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What a plan takes from each stored tensor and changes in the code. */
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

    public Set<UnitIndex> removed() {
        return Set.copyOf(removed);
    }

    private boolean stays(UnitIndex unit) {
        return unit == null || !removed.contains(unit);
    }

    /**
     * By dimension, the indices of a parameter that remain, in the order in which they are written; only dimensions that
     * lose some. One list, or, along the second dimension of a convolution in groups, one for each group.
     */
    public Map<Integer, List<int[]>> kept(Parameter parameter, Rewrite rewrite) {
        Map<Integer, List<int[]>> kept = new TreeMap<>();
        for (int d = 0; d < parameter.shape().length; d++) {
            List<int[]> order = rewrite.orders().get(new ParameterDim(parameter, d));
            List<int[]> staying = order == null ? indices(parameter, d, this::stays) : once(order);
            if (staying.stream().mapToInt(s -> s.length).sum()
                    < coupling.unitsOf(new ParameterDim(parameter, d)).length) {
                kept.put(d, staying);
            }
        }
        return kept;
    }

    /** By dimension, the indices of a parameter that read removed units; one list, or one for each group. */
    public Map<Integer, List<int[]>> blanked(Parameter parameter) {
        Map<Integer, List<int[]>> blanked = new TreeMap<>();
        for (int d = 0; d < parameter.shape().length; d++) {
            if (coupling.consumers().contains(new ParameterDim(parameter, d))) {
                List<int[]> gone = indices(parameter, d, unit -> !stays(unit));
                if (gone.stream().anyMatch(g -> g.length > 0)) {
                    blanked.put(d, gone);
                }
            }
        }
        return blanked;
    }

    private List<int[]> indices(Parameter parameter, int dim, Predicate<UnitIndex> wanted) {
        UnitIndex[] units = coupling.unitsOf(new ParameterDim(parameter, dim));
        int size = (int) parameter.shape()[dim];
        List<int[]> lists = new ArrayList<>();
        for (int from = 0; from < units.length; from += size) {
            int start = from;
            lists.add(IntStream.range(0, size)
                    .filter(i -> wanted.test(units[start + i]))
                    .toArray());
        }
        return once(lists);
    }

    private static List<int[]> once(List<int[]> lists) {
        boolean alike = lists.stream().allMatch(list -> Arrays.equals(list, lists.get(0)));
        return alike ? lists.subList(0, Math.min(1, lists.size())) : lists;
    }

    /** Numbers that change; throws {@link io.espalier.surgery.IllegalPlanException} when no numbers would do. */
    public Rewrite rewrite() {
        return coupling.rehearse(removed);
    }

    static long[] shapeAfter(Parameter parameter, Map<Integer, List<int[]>> kept) {
        long[] shape = parameter.shape();
        kept.forEach((dim, lists) -> shape[dim] = lists.get(0).length);
        return shape;
    }
}
