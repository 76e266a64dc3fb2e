package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;

/** A pass after the survey, with what it need not do again: note, protect, ask for edits. */
abstract class LaterPass extends Flow {
    private final Survey survey;

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
