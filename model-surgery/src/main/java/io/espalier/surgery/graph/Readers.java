package io.espalier.surgery.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who reads a value or a stored tensor: operators, and the network's outputs. */
public final class Readers {
    private final Map<Object, List<Optional<Operator>>> readers = new HashMap<>();

    public Readers(Graph graph) {
        for (Operator operator : graph.operators()) {
            Arguments.all(operator).forEach(argument -> note(argument, Optional.of(operator)));
        }
        Arguments.flat(graph.outputs()).forEach(argument -> note(argument, Optional.empty()));
    }

    private void note(Argument argument, Optional<Operator> reader) {
        if (argument instanceof Argument.Ref ref) {
            readers.computeIfAbsent(ref.value(), v -> new ArrayList<>()).add(reader);
        } else if (argument instanceof Argument.Stored stored) {
            readers.computeIfAbsent(stored.parameter(), p -> new ArrayList<>()).add(reader);
        }
    }

    /** The operator that alone reads a value, once. */
    public Optional<Operator> only(Value value) {
        return onlyOf(value);
    }

    /** The operator that alone reads a stored tensor, once. */
    public Optional<Operator> only(Parameter parameter) {
        return onlyOf(parameter);
    }

    private Optional<Operator> onlyOf(Object name) {
        List<Optional<Operator>> all = readers.getOrDefault(name, List.of());
        return all.size() == 1 ? all.get(0) : Optional.empty();
    }
}
