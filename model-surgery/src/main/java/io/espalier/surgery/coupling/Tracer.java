package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.List;

/**
 * Says what is known of units as they travel through a graph: asked for a mark where units are made, for another behind
 * every operator that they pass, and told of the marks where units are read. Where a mark lies, the coupling rules know.
 *
 * @param <M> a mark, compared by {@code equals}
 */
public interface Tracer<M> {
    /** The mark of what an operator makes by one index of its weight's output dimension. */
    M made(Operator operator, ParameterDim weight, int index);

    /** The mark of elements that an operator adds without a weight, such as padding along the units. */
    M filled(Operator operator);

    /** The mark of one index of a stored tensor, along the only dimension in which it has more than one. */
    M stored(Parameter parameter, int index);

    /** The mark of elements that come from both, such as those of a mean. */
    M mixed(M one, M other);

    /** The mark behind an operator. */
    M passed(Passage<M> passage);

    /** The mark to remember of a value, given what its operator made of it. */
    M held(Value value, M mark);

    /** {@code marks}: per index of the weight's input dimension, of all groups in order; null where there is none. */
    void read(Operator operator, ParameterDim weight, List<M> marks);
}
