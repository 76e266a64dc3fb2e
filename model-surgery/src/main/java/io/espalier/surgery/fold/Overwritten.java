package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Aliases;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values that are read after an operator wrote into their memory, by another name of it: what defined them no longer tells
 * what they hold.
 */
final class Overwritten {
    private final Aliases aliases;
    private final Map<Object, List<Integer>> writes = new HashMap<>();
    private final Map<Value, Integer> definedAt = new HashMap<>();
    private final Set<Value> stale = new HashSet<>();

    Overwritten(Graph graph) {
        aliases = new Aliases(graph);
        for (Operator operator : graph.operators()) {
            operator.outputs().forEach(output -> definedAt.put(output, operator.index()));
            if (operator.isInPlace()) {
                aliases.memory(operator.argument(0))
                        .ifPresent(memory -> writes.computeIfAbsent(memory, m -> new ArrayList<>())
                                .add(operator.index()));
            }
        }
        for (Operator operator : graph.operators()) {
            Arguments.all(operator).forEach(argument -> {
                if (argument instanceof Argument.Ref ref && isLate(ref.value(), operator)) {
                    stale.add(ref.value());
                }
            });
        }
    }

    private boolean isLate(Value value, Operator reader) {
        int defined = definedAt.getOrDefault(value, -1);
        return writes.getOrDefault(aliases.memory(value), List.of()).stream()
                .anyMatch(write -> defined < write && write < reader.index());
    }

    boolean contains(Value value) {
        return stale.contains(value);
    }

    /** Whether running the model changes a stored tensor. */
    boolean contains(Parameter parameter) {
        return writes.containsKey(aliases.memory(parameter));
    }
}
