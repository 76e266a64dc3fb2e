package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What operators do with stored tensors. */
final class ParameterUses {
    private final LabelSets sets;
    private final Map<Parameter, int[][]> cells = new LinkedHashMap<>();
    private final Set<ParameterDim> producers = new LinkedHashSet<>();
    private final Set<ParameterDim> consumers = new LinkedHashSet<>();
    private final Set<Parameter> weights = new LinkedHashSet<>();
    private final Map<Parameter, Protection> refusals = new LinkedHashMap<>();
    private final Map<Parameter, Numbering> numberings = new LinkedHashMap<>();

    /** Whose indices along which dimension a stored tensor holds. */
    record Numbering(Argument operand, int dim) {}

    ParameterUses(LabelSets sets) {
        this.sets = sets;
    }

    /** Joins the labels of a use with those of the uses before it; dimensions without are fixed. */
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        long[] shape = parameter.shape();
        int[][] before = cells.get(parameter);
        int[][] now = new int[shape.length][];
        String twice = "is used in two ways: " + parameter.name();
        for (int d = 0; d < shape.length; d++) {
            int[] given = byDim.getOrDefault(d, new int[(int) shape[d]]);
            if (shape[d] == 0 || given.length % shape[d] != 0) {
                throw new IllegalArgumentException(operator.name() + " at " + operator.place() + " uses "
                        + parameter.name() + " with " + given.length + " channels where it has " + shape[d]);
            }
            if (before != null && before[d].length != given.length) {
                sets.protect(before[d], operator, twice);
                sets.protect(given, operator, twice);
                now[d] = before[d];
            } else {
                now[d] = before == null ? given : sets.join(before[d], given, operator, twice);
            }
            if (parameter.overlaps()) {
                sets.protect(now[d], operator, "shares its memory with another tensor: " + parameter.name());
            }
        }
        cells.put(parameter, now);
    }

    /**
     * Notes whose indices a stored tensor holds; false when it is used in another way too, and could not be numbered
     * anew.
     */
    boolean number(Parameter indices, Numbering numbering) {
        boolean first = !cells.containsKey(indices) && !numberings.containsKey(indices);
        if (indices.overlaps() || !(first || numbering.equals(numberings.get(indices)))) {
            return false;
        }
        numberings.put(indices, numbering);
        return true;
    }

    void produces(ParameterDim at) {
        producers.add(at);
    }

    void consumes(ParameterDim at) {
        consumers.add(at);
    }

    void isWeight(Parameter parameter) {
        weights.add(parameter);
    }

    void refuse(Parameter parameter, Protection protection) {
        refusals.putIfAbsent(parameter, protection);
    }

    /** Labels by dimension; of the input channels of a convolution in groups, one run after the other. */
    Map<Parameter, int[][]> cells() {
        return cells;
    }

    /** Dimensions whose filters or rows make units. */
    Set<ParameterDim> producers() {
        return producers;
    }

    /** Dimensions that read units. */
    Set<ParameterDim> consumers() {
        return consumers;
    }

    Set<Parameter> weights() {
        return weights;
    }

    /** Tensors that an operator takes in a way that is not understood. */
    Map<Parameter, Protection> refusals() {
        return refusals;
    }

    /** Tensors that hold indices of units, which are numbered anew when units go. */
    Map<Parameter, Numbering> numberings() {
        return numberings;
    }
}
