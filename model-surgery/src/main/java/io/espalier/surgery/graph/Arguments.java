package io.espalier.surgery.graph;

import java.util.Optional;
import java.util.stream.Stream;

/** Reads the arguments of operators. */
public final class Arguments {
    private Arguments() {}

    /** Whether the code holds this constant here. */
    public static boolean is(Argument argument, Object constant) {
        return argument instanceof Argument.Literal literal
                && literal.constant().equals(Optional.of(constant));
    }

    public static boolean isNone(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().isEmpty();
    }

    public static Optional<Parameter> stored(Argument argument) {
        return argument instanceof Argument.Stored stored ? Optional.of(stored.parameter()) : Optional.empty();
    }

    public static boolean isStoredOrNone(Argument argument) {
        return argument instanceof Argument.Stored || isNone(argument);
    }

    public static boolean isTensor(Argument argument) {
        return argument instanceof Argument.Stored || tensor(argument).isPresent();
    }

    /** The tensor value that an argument is. */
    public static Optional<Value> tensor(Argument argument) {
        return argument instanceof Argument.Ref ref && ref.value().type() == Value.Type.TENSOR
                ? Optional.of(ref.value())
                : Optional.empty();
    }

    /** An argument by position or name. */
    public static Argument get(Operator operator, int position, String name) {
        Argument named = operator.named().get(name);
        return named == null ? operator.argument(position) : named;
    }

    /** Whether an argument is, or lists nothing but, this whole number. */
    public static boolean isAll(Argument argument, long number) {
        return argument instanceof Argument.Sequence list
                ? list.items().stream().allMatch(item -> is(item, number))
                : is(argument, number);
    }

    /** All arguments, with what lists hold. */
    public static Stream<Argument> all(Operator operator) {
        return Stream.concat(operator.arguments().stream(), operator.named().values().stream())
                .flatMap(Arguments::flat);
    }

    /** An argument, or what is in it when it is a list. */
    public static Stream<Argument> flat(Argument argument) {
        return argument instanceof Argument.Sequence sequence
                ? sequence.items().stream().flatMap(Arguments::flat)
                : Stream.of(argument);
    }
}
