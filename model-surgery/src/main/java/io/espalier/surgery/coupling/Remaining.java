package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What a cut leaves: of labels, of the sizes and labels of a value, of the indices along a dimension. */
final class Remaining {
    private final Survey survey;
    private final CutDims cutDims;
    private final IntPredicate stays;

    /** {@code stays}: whether the unit of a label is kept. */
    Remaining(Survey survey, CutDims cutDims, IntPredicate stays) {
        this.survey = survey;
        this.cutDims = cutDims;
        this.stays = stays;
    }

    int[] labels(int[] surveyed) {
        return Arrays.stream(surveyed).filter(stays).toArray();
    }

    /** The indices that stay among as many labels. */
    int[] indices(int[] line) {
        return IntStream.range(0, line.length).filter(i -> stays.test(line[i])).toArray();
    }

    long[] shape(Value value) {
        long[] shape = survey.shape(value);
        if (cutDims.has(value)) {
            shape[cutDims.of(value)] = indices(cutDims.line(value)).length;
        }
        return shape;
    }

    /** The labels of a value that stay; null when it has none. */
    LabelArray labels(Value value) {
        LabelArray all = survey.spread().get(value);
        return all == null || !cutDims.has(value) ? all : all.picked(cutDims.of(value), indices(cutDims.line(value)));
    }

    /** How many indices before {@code index}, as surveyed, are left along a dimension of an operand. */
    long before(Argument operand, int dim, long index) {
        Optional<Parameter> stored = Arguments.stored(operand);
        Optional<Value> value = Arguments.tensor(operand).filter(v -> cutDims.has(v) && cutDims.of(v) == dim);
        int[] line = stored.map(p -> survey.uses().cells().get(p)[dim])
                .or(() -> value.map(cutDims::line))
                .orElse(null);
        return line == null
                ? index
                : Arrays.stream(line).limit(index).filter(stays).count();
    }
}
