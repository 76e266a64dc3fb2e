package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

    private final List<long[]> shapes;
    private final LabelSets sets = new LabelSets();
    private final ParameterUses uses = new ParameterUses(sets);
    private final SurveyNotes notes = new SurveyNotes();
    private final List<Block> blocks = new ArrayList<>();
    private final List<Balance> balances = new ArrayList<>();
    private final List<Grid> grids = new ArrayList<>();
    private final Map<Value, LabelArray> spread = new LinkedHashMap<>();
    private final Map<Value, Operator> spreadBy = new HashMap<>();
    private final Map<Value, Set<Integer>> rigid = new HashMap<>();

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
        int[] made = sets.add(count);
        notes.putAdded(operator, SurveyNotes.UNITS, made);
        blocks.add(new Block(operator, new ParameterDim(weight, dim), made));
        produces(weight, dim);
        if (count == 1) {
            // It stays; without a label it does not tie itself to all channels that it is multiplied with.
            protect(made, operator, "is the only unit of its layer");
            return new int[count];
        }
        return made;
    }

    @Override
    int[] filling(Operator operator, int slot, long count) {
        int[] made = sets.add(Math.toIntExact(count));
        notes.putAdded(operator, slot, made);
        return made;
    }

    @Override
    int[] data(Operator operator, Parameter parameter, int dim) {
        int size = (int) parameter.shape()[dim];
        int[][] known = uses.cells().get(parameter);
        int[] along = known != null && known[dim].length == size ? known[dim] : sets.add(size);
        record(parameter, Map.of(dim, along), operator);
        return along;
    }

    @Override
    LabelArray joined(LabelArray a, LabelArray b, Operator operator, String reason) {
        int[] result = sets.join(a.cells(), b.cells(), operator, reason);
        return LabelArray.of(a.sizes(), result);
    }

    @Override
    void protect(int[] some, Operator operator, String reason) {
        sets.protect(some, operator, reason);
    }

    @Override
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        noteRecorded(parameter);
        uses.record(parameter, byDim, operator);
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
        uses.refuse(parameter, Protection.of(operator, reason));
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
        Arrays.stream(some).map(sets::root).forEach(roots::add);
        return blocks.stream()
                .flatMapToInt(block -> Arrays.stream(block.labels()))
                .noneMatch(label -> roots.contains(sets.root(label)));
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
        notes.put(operator, slot, found);
        return found;
    }

    @Override
    long left(Argument operand, int dim, long index) {
        return index;
    }

    @Override
    Optional<int[]> picks(Argument operand, int dim, Parameter indices) {
        long size = shape(operand).map(s -> s[dim]).orElse(0L);
        return storedList(indices)
                .filter(list -> Arrays.stream(list).allMatch(i -> i >= 0 && i < size))
                .filter(list -> uses.number(indices, new ParameterUses.Numbering(operand, dim)))
                .map(list -> Arrays.stream(list).mapToInt(Math::toIntExact).toArray());
    }

    @Override
    void require(Operator operator, Place place, long wanted) {
        cover();
    }

    @Override
    void requireSizes(Operator operator, Place place, long[] wanted, boolean inferred) {
        noted(operator, SurveyNotes.SIZES, wanted);
        cover();
    }

    @Override
    void produces(Parameter weight, int dim) {
        uses.produces(new ParameterDim(weight, dim));
    }

    @Override
    void consumes(Parameter weight, int dim) {
        uses.consumes(new ParameterDim(weight, dim));
    }

    @Override
    void isWeight(Argument argument) {
        if (argument instanceof Argument.Stored stored) {
            uses.isWeight(stored.parameter());
        }
    }

    // What was found.

    LabelSets sets() {
        return sets;
    }

    ParameterUses uses() {
        return uses;
    }

    SurveyNotes notes() {
        return notes;
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
}
