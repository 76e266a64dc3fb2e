package io.espalier.surgery.graph;

import java.util.Optional;

/** What a convolution's arguments say of its borders. */
public final class Convolution {
    private Convolution() {}

    public static boolean is(Operator operator) {
        return operator.plainName().matches("_convolution(_mode)?|conv(_transpose)?[123]d");
    }

    public static boolean isTransposed(Operator operator) {
        return operator.name().startsWith("conv_transpose")
                || (operator.name().equals("_convolution") && !Arguments.is(operator.argument(6), false));
    }

    /** Why the same number in all of an input channel does not give the same number in all of the output; else empty. */
    public static Optional<String> uneven(Operator operator) {
        if (isTransposed(operator)) {
            return Optional.of("transposed convolution: not all outputs read equally many inputs");
        }
        Argument padding = Arguments.get(operator, 4, "padding");
        boolean none = Arguments.isNone(padding) || Arguments.isAll(padding, 0) || Arguments.is(padding, "valid");
        return none ? Optional.empty() : Optional.of("padding: outputs at the border read zeros instead");
    }
}
