package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The labels as they travel through the graph, and what they met: what operator rules read and write. A label that is
 * protected stays in the flow, so that what it is joined with is protected too.
 */
final class Flow {
    /** Units made by one operator: the output dimension of its weight. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Block(Operator operator, ParameterDim weight, int[] labels) {}

    /** An integer literal in the code that is the number of these labels. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Count(int site, int[] labels) {}

    private final List<long[]> shapes;
    private final UnionFind labels = new UnionFind();
    private final Map<Value, Labels> ofValue = new HashMap<>();
    private final Map<Integer, Protection> protections = new HashMap<>();
    private final Map<Parameter, int[][]> cells = new LinkedHashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Set<ParameterDim> producers = new LinkedHashSet<>();
    private final Set<ParameterDim> consumers = new LinkedHashSet<>();
    private final Set<Parameter> weights = new LinkedHashSet<>();
    private final List<Count> counts = new ArrayList<>();
    private final Map<Value, int[]> sizes = new HashMap<>();
    private final Set<Parameter> recorded = new LinkedHashSet<>();
    private final Map<Value, Parameter> transposed = new HashMap<>();
    private final Map<Integer, Integer> siteUses = new HashMap<>();

    Flow(Graph graph, List<long[]> shapes) {
        this.shapes = shapes;
        graph.operators().forEach(operator -> {
            operator.arguments().forEach(this::countSites);
            operator.named().values().forEach(this::countSites);
        });
    }

    private void countSites(Argument argument) {
        if (argument instanceof Argument.Literal literal) {
            siteUses.merge(literal.site(), 1, Integer::sum);
        } else if (argument instanceof Argument.Sequence sequence) {
            sequence.items().forEach(this::countSites);
        }
    }

    long[] shape(Value value) {
        return shapes.get(value.tensor());
    }

    /** Labels of a tensor; empty when nothing is tracked. */
    Optional<Labels> labels(Argument argument) {
        return argument instanceof Argument.Ref ref ? Optional.ofNullable(ofValue.get(ref.value())) : Optional.empty();
    }

    Optional<Labels> labels(Value value) {
        return Optional.ofNullable(ofValue.get(value));
    }

    /** Gives an operator's first output labels, unless they are all untracked. */
    void set(Operator operator, Labels given) {
        if (Arrays.stream(given.of()).anyMatch(label -> label != 0)) {
            ofValue.put(operator.outputs().get(0), given);
        }
    }

    /** The labels that a number counts, when it is a size read from a tensor along its units. */
    Optional<int[]> counted(Argument argument) {
        return argument instanceof Argument.Ref ref ? Optional.ofNullable(sizes.get(ref.value())) : Optional.empty();
    }

    void setCounted(Operator operator, int[] counted) {
        sizes.put(operator.outputs().get(0), counted);
    }

    /** New labels for the units that an operator makes by a weight's dimension. */
    int[] fresh(Operator operator, Parameter weight, int dim) {
        int[] made = new int[(int) weight.shape()[dim]];
        Arrays.setAll(made, i -> labels.add());
        blocks.add(new Block(operator, new ParameterDim(weight, dim), made));
        producers.add(new ParameterDim(weight, dim));
        return made;
    }

    void produces(Parameter weight, int dim) {
        producers.add(new ParameterDim(weight, dim));
    }

    void consumes(Parameter weight, int dim) {
        consumers.add(new ParameterDim(weight, dim));
    }

    void isWeight(Argument argument) {
        if (argument instanceof Argument.Stored stored) {
            weights.add(stored.parameter());
        }
    }

    void protect(int[] some, Operator operator, String reason) {
        Protection protection = new Protection(operator.name(), operator.place(), reason);
        for (int label : some) {
            if (label != 0) {
                protections.putIfAbsent(label, protection);
            }
        }
    }

    /** Protects whatever flows into the operator, by value or by weight; its outputs carry no labels. */
    void protectAll(Operator operator, String reason) {
        operator.arguments().forEach(argument -> protect(argument, operator, reason));
        operator.named().values().forEach(argument -> protect(argument, operator, reason));
    }

    private void protect(Argument argument, Operator operator, String reason) {
        labels(argument).ifPresent(found -> protect(found.of(), operator, reason));
        counted(argument).ifPresent(found -> protect(found, operator, reason));
        if (argument instanceof Argument.Sequence sequence) {
            sequence.items().forEach(item -> protect(item, operator, reason));
        } else if (argument instanceof Argument.Stored stored) {
            record(stored.parameter(), Map.of(), operator);
        } else if (argument instanceof Argument.Ref ref && transposed.containsKey(ref.value())) {
            record(transposed.get(ref.value()), Map.of(), operator);
        }
    }

    /** Joins index by index. Where one side is untracked the other is protected. The result has the labels of both. */
    int[] join(int[] a, int[] b, Operator operator, String reason) {
        int[] joined = a.clone();
        for (int i = 0; i < a.length; i++) {
            if (a[i] != 0 && b[i] != 0) {
                labels.join(a[i], b[i]);
            } else {
                protect(new int[] {a[i], b[i]}, operator, reason);
                joined[i] = a[i] + b[i];
            }
        }
        return joined;
    }

    /**
     * A use of a stored tensor: labels by dimension, all other dimensions fixed. A second use joins with the first, so
     * that a weight used twice is cut once for both.
     */
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        recorded.add(parameter);
        long[] shape = parameter.shape();
        int[][] before = cells.get(parameter);
        int[][] now = new int[shape.length][];
        for (int d = 0; d < shape.length; d++) {
            int[] given = byDim.getOrDefault(d, new int[(int) shape[d]]);
            if (given.length != shape[d]) {
                throw new IllegalArgumentException(operator.name() + " at " + operator.place() + " uses "
                        + parameter.name() + " with " + given.length + " channels where it has " + shape[d]);
            }
            now[d] = before == null
                    ? given
                    : join(before[d], given, operator, "is used in two ways: " + parameter.name());
            if (parameter.overlaps()) {
                protect(now[d], operator, "shares its memory with another tensor: " + parameter.name());
            }
        }
        cells.put(parameter, now);
    }

    /** Notes that a literal counts labels; protects them when the literal cannot be rewritten alone. */
    void count(Argument argument, int[] counted, Operator operator) {
        if (argument instanceof Argument.Literal literal
                && literal.site() >= 0
                && siteUses.get(literal.site()) == 1
                && literal.constant().equals(Optional.of((long) counted.length))) {
            counts.add(new Count(literal.site(), counted));
        } else {
            protect(counted, operator, "fixes their number in the code");
        }
    }

    void setTransposed(Value value, Parameter parameter) {
        transposed.put(value, parameter);
        recorded.add(parameter);
    }

    void startOperator() {
        recorded.clear();
    }

    /** Fixes every stored tensor that the operator uses and its rule said nothing about. */
    void fixUnrecorded(Operator operator) {
        operator.arguments().forEach(argument -> fixUnrecorded(argument, operator));
        operator.named().values().forEach(argument -> fixUnrecorded(argument, operator));
    }

    private void fixUnrecorded(Argument argument, Operator operator) {
        if (argument instanceof Argument.Stored stored && !recorded.contains(stored.parameter())) {
            record(stored.parameter(), Map.of(), operator);
        } else if (argument instanceof Argument.Sequence sequence) {
            sequence.items().forEach(item -> fixUnrecorded(item, operator));
        }
    }

    /** The stored tensor that this value is the two-dimensional transpose of. */
    Optional<Parameter> transposed(Argument argument) {
        return argument instanceof Argument.Ref ref
                ? Optional.ofNullable(transposed.get(ref.value()))
                : Optional.empty();
    }

    /** One more than the largest label. */
    int labelCount() {
        return labels.size();
    }

    int root(int label) {
        return label == 0 ? 0 : labels.find(label);
    }

    List<Block> blocks() {
        return blocks;
    }

    Map<Integer, Protection> protections() {
        return protections;
    }

    Map<Parameter, int[][]> cells() {
        return cells;
    }

    Set<ParameterDim> producers() {
        return producers;
    }

    Set<ParameterDim> consumers() {
        return consumers;
    }

    Set<Parameter> weights() {
        return weights;
    }

    List<Count> counts() {
        return counts;
    }
}
