package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A pass after the survey, with what it need not do again: note, protect, ask for edits; and with what passes in other
 * sizes than the survey's refuse alike.
 */
abstract class LaterPass extends Flow {
    private final Survey survey;
    private final Set<Value> met = new HashSet<>();

    /** Told two labels that come to lie in one place. */
    interface Pair {
        void meet(int a, int b);
    }

    LaterPass(Survey survey, StoredNumbers stored) {
        super(stored);
        this.survey = survey;
    }

    /** What the survey noted, so that a rule does as it did then. */
    @Override
    long[] noted(Operator operator, int slot, long... found) {
        long[] surveyed = survey.notes().numbers(operator, slot);
        return surveyed == null ? found : surveyed;
    }

    /** Notes that a value was given labels. */
    void meets(Value output) {
        met.add(output);
    }

    /** Every output that is to carry units must have been given some. */
    void requireMet(Operator operator, Predicate<Value> carries) {
        for (Value output : operator.outputs()) {
            if (carries.test(output) && !met.contains(output)) {
                throw new Inconsistent(operator, "would no longer pass units on");
            }
        }
    }

    static void requireEven(Operator operator, List<int[]> blocks) {
        if (blocks.stream().anyMatch(block -> block.length != blocks.get(0).length || block.length == 0)) {
            throw new Inconsistent(operator, "would have parts of unequal size");
        }
    }

    /** Two arrays as one, place by place: the label of the first where it has one. */
    static LabelArray paired(LabelArray a, LabelArray b, Operator operator, Pair each) {
        if (!Arrays.equals(a.sizes(), b.sizes())) {
            throw new Inconsistent(operator, "would combine tensors of different sizes");
        }
        int[] result = a.cells().clone();
        for (int i = 0; i < result.length; i++) {
            int other = b.cells()[i];
            each.meet(result[i], other);
            result[i] = result[i] == 0 ? other : result[i];
        }
        return LabelArray.of(a.sizes(), result);
    }

    @Override
    void rigid(Operator operator, Argument operand, int dim) {
        Arguments.tensor(operand)
                .filter(value -> shape(value)[dim] != survey.shape(value)[dim])
                .ifPresent(value -> {
                    throw new Inconsistent(operator, "has indices that are taken one by one");
                });
    }

    @Override
    void protect(int[] labels, Operator operator, String reason) {}

    @Override
    void require(Operator operator, Place place, long wanted) {
        cover();
    }

    @Override
    void requireSizes(Operator operator, Place place, long[] wanted, boolean inferred) {
        cover();
    }

    @Override
    void refuse(Parameter parameter, Operator operator, String reason) {}

    @Override
    boolean isLoose(int[] some) {
        // What the survey found is noted.
        return false;
    }

    @Override
    void inRows(Operator operator, LabelArray rows) {}

    @Override
    void produces(Parameter weight, int dim) {}

    @Override
    void consumes(Parameter weight, int dim) {}

    @Override
    void isWeight(Argument argument) {}
}
