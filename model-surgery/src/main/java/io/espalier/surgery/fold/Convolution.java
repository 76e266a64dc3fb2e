package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import java.util.Optional;

/** What a convolution's arguments say of its borders. */
final class Convolution {
    private Convolution() {}

    static boolean is(Operator operator) {
        return Calls.name(operator).matches("_convolution(_mode)?|conv(_transpose)?[123]d");
    }

    static boolean isTransposed(Operator operator) {
        return operator.name().startsWith("conv_transpose")
                || (operator.name().equals("_convolution") && !Calls.is(operator.argument(6), false));
    }

    /** Why the same number in all of an input channel does not give the same number in all of the output; else empty. */
    static Optional<String> uneven(Operator operator) {
        if (isTransposed(operator)) {
            return Optional.of("transposed convolution: not all outputs read equally many inputs");
        }
        Argument padding = Calls.argument(operator, 4, "padding");
        boolean none = Calls.isNone(padding) || Calls.isAll(padding, 0) || Calls.is(padding, "valid");
        return none ? Optional.empty() : Optional.of("padding: outputs at the border read zeros instead");
    }
}
