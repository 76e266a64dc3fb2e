package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads operator arguments. */
final class Arguments {
    private Arguments() {}

    /** Whether the code holds this constant here. */
    static boolean is(Argument argument, Object constant) {
        return argument instanceof Argument.Literal literal
                && literal.constant().equals(Optional.of(constant));
    }

    static boolean isNone(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().isEmpty();
    }

    static Optional<Parameter> stored(Argument argument) {
        return argument instanceof Argument.Stored stored ? Optional.of(stored.parameter()) : Optional.empty();
    }

    static boolean isStoredOrNone(Argument argument) {
        return argument instanceof Argument.Stored || isNone(argument);
    }

    static boolean isTensor(Argument argument) {
        return argument instanceof Argument.Stored || tensor(argument).isPresent();
    }

    /** The tensor value that an argument is. */
    static Optional<Value> tensor(Argument argument) {
        return argument instanceof Argument.Ref ref && ref.value().type() == Value.Type.TENSOR
                ? Optional.of(ref.value())
                : Optional.empty();
    }

    /** An argument by position or name. */
    static Argument get(Operator operator, int position, String name) {
        Argument named = operator.named().get(name);
        return named == null ? operator.argument(position) : named;
    }

    /** All arguments, with what lists hold. */
    static Stream<Argument> all(Operator operator) {
        return Stream.concat(operator.arguments().stream(), operator.named().values().stream())
                .flatMap(Arguments::flat);
    }

    private static Stream<Argument> flat(Argument argument) {
        return argument instanceof Argument.Sequence sequence
                ? sequence.items().stream().flatMap(Arguments::flat)
                : Stream.of(argument);
    }
}
