package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads operators' names and arguments. */
final class Calls {
    private Calls() {}

    /** The name without the sign for "in place". */
    static String name(Operator operator) {
        return isInPlace(operator)
                ? operator.name().substring(0, operator.name().length() - 1)
                : operator.name();
    }

    static boolean isInPlace(Operator operator) {
        return operator.name().endsWith("_") && !operator.name().endsWith("__");
    }

    static String at(Operator operator) {
        return Calls.name(operator) + " at " + operator.place();
    }

    static Argument argument(Operator operator, int position, String name) {
        return operator.named().getOrDefault(name, operator.argument(position));
    }

    static Optional<Parameter> stored(Argument argument) {
        return argument instanceof Argument.Stored stored ? Optional.of(stored.parameter()) : Optional.empty();
    }

    static boolean isNone(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().isEmpty();
    }

    static boolean is(Argument argument, Object constant) {
        return argument instanceof Argument.Literal literal
                && literal.constant().equals(Optional.of(constant));
    }

    /** Whether an argument is, or lists nothing but, this whole number. */
    static boolean isAll(Argument argument, long number) {
        return argument instanceof Argument.Sequence list
                ? list.items().stream().allMatch(item -> is(item, number))
                : is(argument, number);
    }

    /** All arguments, with what lists hold. */
    static Stream<Argument> all(Operator operator) {
        return Stream.concat(operator.arguments().stream(), operator.named().values().stream())
                .flatMap(Calls::flat);
    }

    static Stream<Argument> flat(Argument argument) {
        return argument instanceof Argument.Sequence sequence
                ? sequence.items().stream().flatMap(Calls::flat)
                : Stream.of(argument);
    }

    static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
