package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The second pass, for one cut: every rule runs on the labels that stay, in the sizes that stay, and must give what the
 * survey gave without those that go. Where the code holds a number that no longer fits, an edit is noted; where no edit
 * helps, the cut is {@link Inconsistent}. So a wrong cut is found before anything is written.
 */
final class Rehearsal extends Flow {
    private final Survey survey;
    private final CutDims cutDims;
    private final IntPredicate fixed;
    private final IntPredicate stays;
    private final List<ArgumentEdit> edits = new ArrayList<>();
    private final Map<Parameter, int[]> renumbered = new HashMap<>();
    private final Map<Argument, Argument> products = new HashMap<>();
    private final Map<Argument, Argument> scales = new HashMap<>();
    private final Set<Value> met = new HashSet<>();

    /** {@code fixed}: whether a label belongs to no unit that may be cut; {@code stays}: whether its unit is kept. */
    Rehearsal(Survey survey, CutDims cutDims, StoredNumbers stored, IntPredicate fixed, IntPredicate stays) {
        super(stored);
        this.survey = survey;
        this.cutDims = cutDims;
        this.fixed = fixed;
        this.stays = stays;
    }

    List<ArgumentEdit> edits() {
        return edits;
    }

    /** New contents of stored tensors that hold indices of units. */
    Map<Parameter, int[]> renumbered() {
        return renumbered;
    }

    private int[] staying(int[] labels) {
        return Arrays.stream(labels).filter(stays).toArray();
    }

    private int[] stayingIndices(Value value) {
        int[] line = cutDims.line(value);
        return IntStream.range(0, line.length).filter(i -> stays.test(line[i])).toArray();
    }

    @Override
    long[] shape(Value value) {
        long[] shape = survey.shape(value);
        if (cutDims.has(value)) {
            shape[cutDims.of(value)] = stayingIndices(value).length;
        }
        return shape;
    }

    private LabelArray expected(Value value) {
        LabelArray all = survey.spread().get(value);
        return all == null || !cutDims.has(value) ? all : all.picked(cutDims.of(value), stayingIndices(value));
    }

    @Override
    LabelArray checked(Operator operator, Value output, LabelArray given) {
        LabelArray expected = expected(output);
        met.add(output);
        if (expected == null) {
            return null;
        }
        if (!same(expected, given)) {
            throw new Inconsistent(operator, "would give other units than those that stay");
        }
        return expected;
    }

    private boolean same(LabelArray expected, LabelArray given) {
        if (expected.rank() != given.rank()) {
            return false;
        }
        int[] sizes = expected.sizes();
        for (int d = 0; d < sizes.length; d++) {
            if (sizes[d] != given.size(d) && sizes[d] != 1 && given.size(d) != 1) {
                return false;
            }
            sizes[d] = Math.max(sizes[d], given.size(d));
        }
        return sameRoots(expected.expanded(sizes).cells(), given.expanded(sizes).cells());
    }

    /** A label without a unit may stand for another one without. */
    private boolean sameRoots(int[] a, int[] b) {
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < a.length; i++) {
            if (survey.root(a[i]) != survey.root(b[i]) && !(fixed.test(a[i]) && fixed.test(b[i]))) {
                return false;
            }
        }
        return true;
    }

    @Override
    void finish(Operator operator) {
        noteScale(operator);
        for (Value output : operator.outputs()) {
            if (survey.spread().containsKey(output) && !met.contains(output)) {
                throw new Inconsistent(operator, "would no longer pass units on");
            }
        }
    }

    @Override
    int[] made(Operator operator, Parameter weight, int dim) {
        return weight.shape()[dim] == 1 ? new int[1] : staying(survey.added(operator, -1));
    }

    @Override
    int[] filling(Operator operator, int slot, long count) {
        return staying(survey.added(operator, slot));
    }

    @Override
    int[] data(Operator operator, Parameter parameter, int dim) {
        noteRecorded(parameter);
        return staying(survey.cells().get(parameter)[dim]);
    }

    @Override
    LabelArray joined(LabelArray a, LabelArray b, Operator operator, String reason) {
        if (!Arrays.equals(a.sizes(), b.sizes())) {
            throw new Inconsistent(operator, "would combine tensors of different sizes");
        }
        int[] result = a.cells().clone();
        for (int i = 0; i < result.length; i++) {
            int other = b.cells()[i];
            boolean bothFixed = fixed.test(result[i]) && fixed.test(other);
            if (survey.root(result[i]) != survey.root(other) && !bothFixed) {
                throw new Inconsistent(operator, "would combine units that do not go together");
            }
            result[i] = result[i] == 0 ? other : result[i];
        }
        return LabelArray.of(a.sizes(), result);
    }

    @Override
    void protect(int[] labels, Operator operator, String reason) {
        // The survey has seen to it.
    }

    @Override
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        noteRecorded(parameter);
        int[][] cells = survey.cells().get(parameter);
        for (int d = 0; d < cells.length; d++) {
            int[] expected = staying(cells[d]);
            int[] given = byDim.get(d);
            boolean fits = given == null ? expected.length == cells[d].length : sameRoots(expected, given);
            if (!fits) {
                throw new Inconsistent(operator, "would meet " + parameter.name() + " in another size");
            }
        }
    }

    @Override
    void refuse(Parameter parameter, Operator operator, String reason) {
        // The survey has noted it.
    }

    @Override
    void balance(Operator operator, List<int[]> blocks) {
        if (blocks.stream().anyMatch(block -> block.length != blocks.get(0).length || block.length == 0)) {
            throw new Inconsistent(operator, "would have parts of unequal size");
        }
    }

    @Override
    boolean isLoose(int[] some) {
        // What the survey found is noted.
        return false;
    }

    @Override
    void rigid(Operator operator, Argument operand, int dim) {
        Optional<Value> value = Arguments.tensor(operand).filter(cutDims::has);
        if (value.isPresent()
                && cutDims.of(value.get()) == dim
                && stayingIndices(value.get()).length != cutDims.line(value.get()).length) {
            throw new Inconsistent(operator, "has indices that are taken one by one");
        }
    }

    @Override
    long[] noted(Operator operator, int slot, long... found) {
        long[] surveyed = survey.noted(operator, slot);
        return surveyed == null ? found : surveyed;
    }

    @Override
    long left(Argument operand, int dim, long index) {
        Optional<Parameter> stored = Arguments.stored(operand);
        Optional<Value> value = Arguments.tensor(operand).filter(v -> cutDims.has(v) && cutDims.of(v) == dim);
        int[] line = stored.map(p -> survey.cells().get(p)[dim])
                .or(() -> value.map(cutDims::line))
                .orElse(null);
        return line == null
                ? index
                : Arrays.stream(line).limit(index).filter(stays).count();
    }

    @Override
    Optional<int[]> picks(Argument operand, int dim, Parameter indices) {
        if (!survey.numberings().containsKey(indices)) {
            return Optional.empty();
        }
        long[] all = storedList(indices).orElseThrow();
        int[] line = survey.cells().get(indices)[0];
        int[] picks = IntStream.range(0, all.length)
                .filter(i -> stays.test(line[i]))
                .map(i -> (int) left(operand, dim, all[i]))
                .toArray();
        renumbered.put(indices, picks);
        return Optional.of(picks);
    }

    @Override
    void require(Operator operator, Place place, long wanted) {
        cover();
        if (!integer(place.in(operator)).equals(Optional.of(wanted))) {
            edits.add(edit(operator, place, -1, number(wanted)));
        }
    }

    @Override
    void requireSizes(Operator operator, Place place, long[] wanted, boolean inferred) {
        cover();
        if (!(place.in(operator) instanceof Argument.Sequence list)
                || list.items().size() != wanted.length) {
            throw new Inconsistent(operator, "takes sizes that are not understood");
        }
        List<Optional<Long>> now = list.items().stream().map(this::integer).toList();
        long[] surveyed = survey.noted(operator, Survey.SIZES);
        boolean free = inferred && !now.contains(Optional.of(-1L));
        for (int i = 0; i < wanted.length; i++) {
            boolean fits = now.get(i).equals(Optional.of(wanted[i]))
                    || (inferred && now.get(i).equals(Optional.of(-1L)))
                    || (now.get(i).isEmpty() && wanted[i] == surveyed[i]);
            if (!fits) {
                Argument size = list.items().get(i);
                boolean computed = !(size instanceof Argument.Literal);
                edits.add(
                        free && computed
                                ? edit(operator, place, i, number(-1))
                                : edit(
                                        operator,
                                        place,
                                        i,
                                        scaled(size, wanted[i]).orElse(number(wanted[i]))));
                free &= !computed;
            }
        }
    }

    /** A size that is computed, but not from units, follows the input, such as the batch: it is scaled, to go on doing so. */
    private Optional<Argument> scaled(Argument size, long wanted) {
        Argument input = scales.getOrDefault(size, size);
        return number(input)
                .filter(known -> size instanceof Argument.Ref && !known.followsUnits())
                .flatMap(known -> integer(input))
                .filter(now -> now > 0)
                .map(now -> new Argument.Scaled(input, wanted, now));
    }

    /** Notes a number that an earlier cut has scaled, so that it is scaled anew and not once more. */
    private void noteScale(Operator operator) {
        if (operator.name().equals("mul") && whole(operator.argument(1))) {
            products.put(new Argument.Ref(operator.outputs().get(0)), operator.argument(0));
        } else if (operator.name().equals("floordiv")
                && products.containsKey(operator.argument(0))
                && whole(operator.argument(1))) {
            scales.put(new Argument.Ref(operator.outputs().get(0)), products.get(operator.argument(0)));
        }
    }

    private static boolean whole(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().filter(Long.class::isInstance).isPresent();
    }

    private static Argument number(long value) {
        return new Argument.Literal(Optional.of(value), -1);
    }

    private static ArgumentEdit edit(Operator operator, Place place, int item, Argument after) {
        Optional<String> name = place.isNamed(operator) ? Optional.of(place.name()) : Optional.empty();
        return new ArgumentEdit(operator, place.position(), name, item, after);
    }

    @Override
    void produces(Parameter weight, int dim) {
        // The survey has noted it.
    }

    @Override
    void consumes(Parameter weight, int dim) {
        // The survey has noted it.
    }

    @Override
    void isWeight(Argument argument) {
        // The survey has noted it.
    }
}
