package io.espalier.surgery.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * A network as straight-line code: what every reader produces and what all analysis rests on.
 *
 * @param values all values by id, inputs first, then in order of definition
 * @param outputs what the network returns, as written (a tensor, a list, a tuple)
 * @param parameters every stored tensor by id, used by an operator or not
 */
public record Graph(
        List<Value> inputs,
        List<Value> values,
        List<Operator> operators,
        Argument outputs,
        List<Parameter> parameters) {
    public Graph {
        inputs = List.copyOf(inputs);
        values = List.copyOf(values);
        operators = List.copyOf(operators);
        parameters = List.copyOf(parameters);
    }

    /** The tensor values in order of definition, inputs first: the order of a shape profile. */
    public List<Value> tensors() {
        return values.stream().filter(v -> v.type() == Value.Type.TENSOR).toList();
    }

    /** The same with whole numbers in place of some arguments of its operators. */
    public Graph edited(List<ArgumentEdit> edits) {
        List<Operator> changed = new ArrayList<>(operators);
        for (ArgumentEdit edit : edits) {
            changed.replaceAll(
                    operator -> operator.index() == edit.operator().index() ? edit.apply(operator) : operator);
        }
        return new Graph(inputs, values, changed, outputs, parameters);
    }
}
