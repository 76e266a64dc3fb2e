package io.espalier.surgery.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One operation, in execution order.
 *
 * @param name in ATen's words ({@code _convolution}, {@code add_}), or {@code namespace.name} outside ATen
 * @param named arguments given by name
 * @param modulePath the module that ran it, such as {@code layer1.0.conv1}; empty for the top
 * @param call which call of that module it belongs to, from 0
 * @param place as {@code file:line}
 */
public record Operator(
        int index,
        String name,
        List<Argument> arguments,
        Map<String, Argument> named,
        List<Value> outputs,
        String modulePath,
        int call,
        String place) {
    public Operator {
        arguments = List.copyOf(arguments);
        outputs = List.copyOf(outputs);
    }

    /** The positional argument at an index, or a literal none when fewer were given. */
    public Argument argument(int index) {
        return index < arguments.size() ? arguments.get(index) : NONE;
    }

    /** Whether it overwrites its first argument: ATen's name for that ends with one underscore. */
    public boolean isInPlace() {
        return name.endsWith("_") && !name.endsWith("__");
    }

    /** The name without the sign for "in place". */
    public String plainName() {
        return isInPlace() ? name.substring(0, name.length() - 1) : name;
    }

    private static final Argument NONE = new Argument.Literal(Optional.empty(), -1);
}
