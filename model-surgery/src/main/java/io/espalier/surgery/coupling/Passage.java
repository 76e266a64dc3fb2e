package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * One unit's way through one operator.
 *
 * @param output which of the operator's outputs
 * @param rank dimensions of the output
 * @param unitDim the only dimension of the output along which units lie, or -1
 * @param index of the unit along that dimension, or -1
 * @param carried the mark that the unit has in the operand that it comes from
 * @param operands by position, the mark at the same place of an operand that is combined element by element; empty for
 *     what has none there
 * @param numbers by position, an argument that is a number which is known before the model runs
 */
public record Passage<M>(
        Operator operator,
        Value output,
        int rank,
        int unitDim,
        int index,
        M carried,
        IntFunction<Optional<M>> operands,
        IntFunction<Optional<Object>> numbers) {
    public Optional<M> operand(int position) {
        return operands.apply(position);
    }

    /** A Long, Double or Boolean. */
    public Optional<Object> number(int position) {
        return numbers.apply(position);
    }
}
