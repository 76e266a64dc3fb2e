package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first pass: every unit has a label of its own, labels that must go together are joined, labels that must stay are
 * protected. A label that is protected stays in the flow, so that what it is joined with is protected too.
 */
final class Survey extends Flow {
    /** Units made by one operator: the output dimension of its weight. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Block(Operator operator, ParameterDim weight, int[] labels) {}

    /** Lists of labels of which equally many must stay. */
    record Balance(Operator operator, List<int[]> blocks) {}

    /** Labels in two dimensions, within an operator. */
    record Grid(Operator operator, LabelArray labels) {}

    /** A stored tensor that an operator takes in a way that is not understood. */
    record Refusal(Parameter parameter, Protection protection) {}

    /** Whose indices along which dimension a stored tensor holds. */
    record Numbering(Argument operand, int dim) {}

    /** What an operator was given or gave out, by a number that its rule chose. */
    private record Slot(int operator, int number) {}

    /** Slot of the sizes that an operator is given in a list. */
    static final int SIZES = Integer.MIN_VALUE;

    private final List<long[]> shapes;
    private final UnionFind labels = new UnionFind();
    private final Map<Integer, Protection> protections = new HashMap<>();
    private final Map<Parameter, int[][]> cells = new LinkedHashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Set<ParameterDim> producers = new LinkedHashSet<>();
    private final Set<ParameterDim> consumers = new LinkedHashSet<>();
    private final Set<Parameter> weights = new LinkedHashSet<>();
    private final List<Balance> balances = new ArrayList<>();
    private final Map<Parameter, Refusal> refusals = new LinkedHashMap<>();
    private final List<Grid> grids = new ArrayList<>();
    private final Map<Value, LabelArray> spread = new LinkedHashMap<>();
    private final Map<Value, Operator> spreadBy = new HashMap<>();
    private final Map<Value, Set<Integer>> rigid = new HashMap<>();
    private final Map<Slot, long[]> notes = new HashMap<>();
    private final Map<Slot, int[]> added = new HashMap<>();
    private final Map<Parameter, Numbering> numberings = new LinkedHashMap<>();

    /** {@code shapes}: of the graph's tensor values in order, of one recorded run. */
    Survey(List<long[]> shapes, StoredNumbers stored) {
        super(stored);
        this.shapes = shapes;
    }

    @Override
    long[] shape(Value value) {
        return shapes.get(value.tensor()).clone();
    }

    @Override
    int[] made(Operator operator, Parameter weight, int dim) {
        int count = (int) weight.shape()[dim];
        int[] made = new int[count];
        Arrays.setAll(made, i -> labels.add());
        added.put(new Slot(operator.index(), -1), made);
        blocks.add(new Block(operator, new ParameterDim(weight, dim), made));
        producers.add(new ParameterDim(weight, dim));
        if (count == 1) {
            // It stays; without a label it does not tie itself to all channels that it is multiplied with.
            protect(made, operator, "is the only unit of its layer");
            return new int[count];
        }
        return made;
    }

    @Override
    int[] filling(Operator operator, int slot, long count) {
        int[] made = new int[Math.toIntExact(count)];
        Arrays.setAll(made, i -> labels.add());
        added.put(new Slot(operator.index(), slot), made);
        return made;
    }

    @Override
    int[] data(Operator operator, Parameter parameter, int dim) {
        int[][] known = cells.get(parameter);
        int[] along = known == null ? null : known[dim];
        if (along == null || along.length != parameter.shape()[dim]) {
            along = new int[(int) parameter.shape()[dim]];
            Arrays.setAll(along, i -> labels.add());
        }
        record(parameter, Map.of(dim, along), operator);
        return along;
    }

    @Override
    LabelArray joined(LabelArray a, LabelArray b, Operator operator, String reason) {
        int[] result = join(a.cells(), b.cells(), operator, reason);
        return LabelArray.of(a.sizes(), result);
    }

    private int[] join(int[] a, int[] b, Operator operator, String reason) {
        int[] result = a.clone();
        for (int i = 0; i < a.length; i++) {
            if (a[i] != 0 && b[i] != 0) {
                labels.join(a[i], b[i]);
            } else if (a[i] != b[i]) {
                protect(new int[] {a[i], b[i]}, operator, reason);
                result[i] = a[i] + b[i];
            }
        }
        return result;
    }

    @Override
    void protect(int[] some, Operator operator, String reason) {
        Protection protection = new Protection(operator.name(), operator.place(), reason);
        for (int label : some) {
            if (label != 0) {
                protections.putIfAbsent(label, protection);
            }
        }
    }

    @Override
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        noteRecorded(parameter);
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
                protect(before[d], operator, twice);
                protect(given, operator, twice);
                now[d] = before[d];
            } else {
                now[d] = before == null ? given : join(before[d], given, operator, twice);
            }
            if (parameter.overlaps()) {
                protect(now[d], operator, "shares its memory with another tensor: " + parameter.name());
            }
        }
        cells.put(parameter, now);
    }

    @Override
    LabelArray checked(Operator operator, Value output, LabelArray given) {
        if (given.cells().length == 1) {
            protect(given.cells(), operator, "is all that is left of its layer here");
            return null;
        }
        spread.put(output, given);
        spreadBy.put(output, operator);
        return given;
    }

    @Override
    void finish(Operator operator) {
        // Whatever the rule gave is what there is.
    }

    @Override
    void refuse(Parameter parameter, Operator operator, String reason) {
        refusals.putIfAbsent(
                parameter, new Refusal(parameter, new Protection(operator.name(), operator.place(), reason)));
    }

    @Override
    void balance(Operator operator, List<int[]> lists) {
        if (lists.stream().anyMatch(list -> Arrays.stream(list).anyMatch(label -> label != 0))) {
            balances.add(new Balance(operator, List.copyOf(lists)));
        }
    }

    @Override
    boolean isLoose(int[] some) {
        Set<Integer> roots = new HashSet<>();
        Arrays.stream(some).map(this::root).forEach(roots::add);
        return blocks.stream()
                .flatMapToInt(block -> Arrays.stream(block.labels()))
                .noneMatch(label -> roots.contains(root(label)));
    }

    @Override
    void inRows(Operator operator, LabelArray rows) {
        grids.add(new Grid(operator, rows));
    }

    @Override
    void rigid(Operator operator, Argument operand, int dim) {
        Arguments.tensor(operand)
                .ifPresent(value ->
                        rigid.computeIfAbsent(value, v -> new HashSet<>()).add(dim));
    }

    @Override
    long[] noted(Operator operator, int slot, long... found) {
        notes.put(new Slot(operator.index(), slot), found);
        return found;
    }

    @Override
    long left(Argument operand, int dim, long index) {
        return index;
    }

    @Override
    Optional<int[]> picks(Argument operand, int dim, Parameter indices) {
        Numbering numbering = new Numbering(operand, dim);
        long size = shape(operand).map(s -> s[dim]).orElse(0L);
        Optional<int[]> picks = storedList(indices)
                .filter(list -> Arrays.stream(list).allMatch(i -> i >= 0 && i < size))
                .map(list -> Arrays.stream(list).mapToInt(Math::toIntExact).toArray());
        boolean first = !cells().containsKey(indices) && !numberings.containsKey(indices);
        if (picks.isEmpty() || indices.overlaps() || !(first || numbering.equals(numberings.get(indices)))) {
            return Optional.empty();
        }
        numberings.put(indices, numbering);
        return picks;
    }

    @Override
    void require(Operator operator, Place place, long wanted) {
        cover();
    }

    @Override
    void requireSizes(Operator operator, Place place, long[] wanted, boolean inferred) {
        noted(operator, SIZES, wanted);
        cover();
    }

    @Override
    void produces(Parameter weight, int dim) {
        producers.add(new ParameterDim(weight, dim));
    }

    @Override
    void consumes(Parameter weight, int dim) {
        consumers.add(new ParameterDim(weight, dim));
    }

    @Override
    void isWeight(Argument argument) {
        if (argument instanceof Argument.Stored stored) {
            weights.add(stored.parameter());
        }
    }

    // What was found.

    /** Stored tensors that hold indices of units, which are numbered anew when units go. */
    Map<Parameter, Numbering> numberings() {
        return numberings;
    }

    UnionFind sets() {
        return labels;
    }

    int root(int label) {
        return label == 0 ? 0 : labels.find(label);
    }

    long[] noted(Operator operator, int slot) {
        return notes.get(new Slot(operator.index(), slot));
    }

    /** Labels of the units that an operator makes, or of what it fills in under a slot of its rule. */
    int[] added(Operator operator, int slot) {
        return added.get(new Slot(operator.index(), slot));
    }

    /** Every value with labels, in order. */
    Map<Value, LabelArray> spread() {
        return spread;
    }

    Operator spreadBy(Value value) {
        return spreadBy.get(value);
    }

    Set<Integer> rigidDims(Value value) {
        return rigid.getOrDefault(value, Set.of());
    }

    List<Block> blocks() {
        return blocks;
    }

    List<Balance> balances() {
        return balances;
    }

    List<Grid> grids() {
        return grids;
    }

    List<Refusal> refusals() {
        return List.copyOf(refusals.values());
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
}
