package io.espalier.surgery.stage;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.List;

/**
 * A part of a network as a method of its own.
 *
 * @param name of the method
 * @param inputs tensors it takes, that earlier operators defined
 * @param given stored tensors that it takes as further inputs, instead of using those of the file
 * @param operators what it runs, in order
 * @param taps what it gives back as a list of tensors
 * @param results what it gives back behind these in the same list, as they are when it ends
 * @param outputs whether it also gives back, before the list, what the network does
 */
public record Stage(
        String name,
        List<Value> inputs,
        List<Parameter> given,
        List<Operator> operators,
        List<Tap> taps,
        List<Value> results,
        boolean outputs) {
    public Stage {
        inputs = List.copyOf(inputs);
        given = List.copyOf(given);
        operators = List.copyOf(operators);
        taps = List.copyOf(taps);
        results = List.copyOf(results);
    }
}
