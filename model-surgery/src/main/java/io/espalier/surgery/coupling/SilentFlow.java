package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;

/** A pass that notes and changes nothing which the survey has seen to. */
abstract class SilentFlow extends Flow {
    SilentFlow(StoredNumbers stored) {
        super(stored);
    }

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
