package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The second pass, for one cut: every rule runs on the labels that stay, in the sizes that stay, and must give what the
 * survey gave without those that go. Where the code holds a number that no longer fits, an edit is noted; where no edit
 * helps, the cut is {@link Inconsistent}. So a wrong cut is found before anything is written.
 */
class Rehearsal extends LaterPass {
    private final Survey survey;
    private final SameUnits same;
    private final Remaining remaining;
    private final SizeEdits edits;
    private final Map<Parameter, int[]> renumbered = new HashMap<>();

    /** {@code fixed}: whether a label belongs to no unit that may be cut; {@code stays}: whether its unit is kept. */
    Rehearsal(Survey survey, CutDims cutDims, StoredNumbers stored, IntPredicate fixed, IntPredicate stays) {
        super(survey, stored);
        this.survey = survey;
        this.same = new SameUnits(survey.sets(), fixed);
        this.remaining = new Remaining(survey, cutDims, stays);
        this.edits = new SizeEdits(this);
    }

    List<ArgumentEdit> edits() {
        return edits.all();
    }

    /** New contents of stored tensors that hold indices of units. */
    Map<Parameter, int[]> renumbered() {
        return renumbered;
    }

    /** The order in which indices of stored tensors remain, where it is not the one that they are in. */
    Map<ParameterDim, List<int[]>> orders() {
        return Map.of();
    }

    @Override
    long[] shape(Value value) {
        return remaining.shape(value);
    }

    @Override
    LabelArray checked(Operator operator, Value output, LabelArray given) {
        LabelArray expected = remaining.labels(output);
        meets(output);
        if (expected == null) {
            return null;
        }
        if (!same.test(expected, given)) {
            throw new Inconsistent(operator, "would give other units than those that stay");
        }
        return expected;
    }

    @Override
    void finish(Operator operator) {
        edits.noteScale(operator);
        requireMet(operator, survey.spread()::containsKey);
    }

    @Override
    int[] made(Operator operator, Parameter weight, int dim) {
        return weight.shape()[dim] == 1
                ? new int[1]
                : remaining.labels(survey.notes().added(operator, SurveyNotes.UNITS));
    }

    @Override
    int[] filling(Operator operator, int slot, long count) {
        return remaining.labels(survey.notes().added(operator, slot));
    }

    @Override
    int[] data(Operator operator, Parameter parameter, int dim) {
        noteRecorded(parameter);
        return remaining.labels(survey.uses().cells().get(parameter)[dim]);
    }

    @Override
    LabelArray joined(LabelArray a, LabelArray b, Operator operator, String reason) {
        return paired(a, b, operator, (one, other) -> {
            if (!same.test(one, other)) {
                throw new Inconsistent(operator, "would combine units that do not go together");
            }
        });
    }

    @Override
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        noteRecorded(parameter);
        int[][] cells = survey.uses().cells().get(parameter);
        for (int d = 0; d < cells.length; d++) {
            if (!fits(parameter, d, cells[d], byDim.get(d))) {
                throw new Inconsistent(operator, "would meet " + parameter.name() + " in another size");
            }
        }
    }

    /** {@code given}: null for a dimension that no labels were given for. */
    boolean fits(Parameter parameter, int dim, int[] surveyed, int[] given) {
        int[] expected = remaining.labels(surveyed);
        return given == null ? expected.length == surveyed.length : same.test(expected, given);
    }

    @Override
    void balance(Operator operator, List<int[]> blocks) {
        requireEven(operator, blocks);
    }

    @Override
    void inRows(Operator operator, LabelArray rows) {
        joined(rows.collapsed(d -> d == 0).expanded(rows.sizes()), rows, operator, "shuffles channels");
    }

    @Override
    long left(Argument operand, int dim, long index) {
        return remaining.before(operand, dim, index);
    }

    @Override
    Optional<int[]> picks(Argument operand, int dim, Parameter indices) {
        if (!survey.uses().numberings().containsKey(indices)) {
            return Optional.empty();
        }
        long[] all = storedList(indices).orElseThrow();
        int[] line = survey.uses().cells().get(indices)[0];
        int[] picks = Arrays.stream(remaining.indices(line))
                .map(i -> (int) left(operand, dim, all[i]))
                .toArray();
        renumbered.put(indices, picks);
        return Optional.of(picks);
    }

    @Override
    void require(Operator operator, Place place, long wanted) {
        cover();
        edits.require(operator, place, wanted);
    }

    @Override
    void requireSizes(Operator operator, Place place, long[] wanted, boolean inferred) {
        cover();
        edits.requireSizes(operator, place, wanted, survey.notes().numbers(operator, SurveyNotes.SIZES), inferred);
    }
}
