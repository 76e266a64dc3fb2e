package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Optional;

/** Reads operator arguments. */
final class Arguments {
    private Arguments() {}

    static Optional<Long> integer(Argument argument) {
        return argument instanceof Argument.Literal literal
                        && literal.constant().orElse(null) instanceof Long number
                ? Optional.of(number)
                : Optional.empty();
    }

    static boolean isTrue(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().equals(Optional.of(true));
    }

    static boolean isNone(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().isEmpty();
    }

    static Optional<Parameter> stored(Argument argument) {
        return argument instanceof Argument.Stored stored ? Optional.of(stored.parameter()) : Optional.empty();
    }

    /** The tensor value that an argument is. */
    static Optional<Value> tensor(Argument argument) {
        return argument instanceof Argument.Ref ref && ref.value().type() == Value.Type.TENSOR
                ? Optional.of(ref.value())
                : Optional.empty();
    }

    /** A literal dimension argument of a tensor of this rank, counted from the front. */
    static Optional<Integer> dim(Argument argument, int rank) {
        return integer(argument).map(d -> (int) (d < 0 ? d + rank : d)).filter(d -> d >= 0 && d < rank);
    }

    /** An argument by position or name. */
    static Argument get(Operator operator, int position, String name) {
        Argument named = operator.named().get(name);
        return named == null ? operator.argument(position) : named;
    }
}
