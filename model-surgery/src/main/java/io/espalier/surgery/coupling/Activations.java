package io.espalier.surgery.coupling;

import java.util.Set;

/** The operators that are activations, by ATen's name: units flow through them, and are sampled behind them. */
public final class Activations {
    /** With a slope that may be one for each unit, which is cut with them. */
    static final String PRELU = "prelu";

    /** Without parameters of their own. */
    static final Set<String> ELEMENTWISE = Set.of(
            "relu",
            "relu6",
            "hardtanh",
            "sigmoid",
            "hardsigmoid",
            "silu",
            "gelu",
            "hardswish",
            "tanh",
            "leaky_relu",
            "elu",
            "selu",
            "celu",
            "mish",
            "softplus",
            "logsigmoid",
            "softsign");

    private Activations() {}

    /** Whether {@code name}, without a trailing underscore for "in place", is that of an activation. */
    public static boolean contains(String name) {
        return ELEMENTWISE.contains(name) || name.equals(PRELU);
    }
}
