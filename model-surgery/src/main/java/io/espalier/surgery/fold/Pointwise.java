package io.espalier.surgery.fold;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Functions of one number, by ATen's name, as PyTorch's documentation defines them. */
final class Pointwise {
    private static final double SELU_ALPHA = 1.6732632423543772;
    private static final double SELU_SCALE = 1.0507009873554805;

    private static final Map<String, DoubleUnaryOperator> PLAIN = Map.ofEntries(
            Map.entry("relu", x -> Math.max(x, 0)),
            Map.entry("relu6", x -> clamped(x, 0, 6)),
            Map.entry("sigmoid", Pointwise::sigmoid),
            Map.entry("hardsigmoid", x -> clamped(x + 3, 0, 6) / 6),
            Map.entry("silu", x -> x * sigmoid(x)),
            Map.entry("hardswish", x -> x * clamped(x + 3, 0, 6) / 6),
            Map.entry("tanh", Math::tanh),
            Map.entry("mish", x -> x * Math.tanh(softplus(x))),
            Map.entry("softsign", x -> x / (1 + Math.abs(x))),
            Map.entry("log_sigmoid", x -> -softplus(-x)),
            Map.entry("logsigmoid", x -> -softplus(-x)),
            Map.entry("selu", x -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x))),
            Map.entry("erf", ErrorFunction::erf),
            Map.entry("abs", Math::abs),
            Map.entry("neg", x -> -x),
            Map.entry("exp", Math::exp),
            Map.entry("expm1", Math::expm1),
            Map.entry("log", Math::log),
            Map.entry("log1p", Math::log1p),
            Map.entry("sqrt", Math::sqrt),
            Map.entry("rsqrt", x -> 1 / Math.sqrt(x)),
            Map.entry("reciprocal", x -> 1 / x),
            Map.entry("square", x -> x * x),
            Map.entry("sin", Math::sin),
            Map.entry("cos", Math::cos));

    /** A function with numbers of its own, those not given being the defaults. */
    private interface Parametric {
        double apply(double x, double[] numbers);
    }

    private record Family(Parametric function, double... defaults) {}

    private static final Map<String, Family> FAMILIES = Map.of(
            "leaky_relu", new Family((x, n) -> x >= 0 ? x : n[0] * x, 0.01),
            "hardtanh", new Family((x, n) -> clamped(x, n[0], n[1]), -1, 1),
            "clamp", new Family((x, n) -> clamped(x, n[0], n[1]), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
            "clip", new Family((x, n) -> clamped(x, n[0], n[1]), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
            "clamp_min", new Family((x, n) -> Math.max(x, n[0]), Double.NaN),
            "clamp_max", new Family((x, n) -> Math.min(x, n[0]), Double.NaN),
            "elu", new Family((x, n) -> n[1] * (x > 0 ? x : n[0] * Math.expm1(n[2] * x)), 1, 1, 1),
            "celu", new Family((x, n) -> x > 0 ? x : n[0] * Math.expm1(x / n[0]), 1),
            "softplus", new Family((x, n) -> n[0] * x > n[1] ? x : softplus(n[0] * x) / n[0], 1, 20),
            "pow", new Family((x, n) -> Math.pow(x, n[0]), Double.NaN));

    private Pointwise() {}

    static boolean contains(String name) {
        return PLAIN.containsKey(name) || FAMILIES.containsKey(name);
    }

    /** How many numbers it takes behind the one that it is a function of. */
    static int count(String name) {
        return PLAIN.containsKey(name) ? 0 : FAMILIES.get(name).defaults().length;
    }

    /** {@code numbers}: as many as {@link #count}, NaN for one that is not given. */
    static double apply(String name, double x, double[] numbers) {
        if (PLAIN.containsKey(name)) {
            return PLAIN.get(name).applyAsDouble(x);
        }
        Family family = FAMILIES.get(name);
        double[] given = numbers.clone();
        for (int i = 0; i < given.length; i++) {
            given[i] = Double.isNaN(given[i]) ? family.defaults()[i] : given[i];
        }
        return family.function().apply(x, given);
    }

    static double gelu(double x, boolean byTanh) {
        return byTanh
                ? x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
                : x / 2 * (1 + ErrorFunction.erf(x / Math.sqrt(2)));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double clamped(double x, double low, double high) {
        return Math.min(Math.max(x, low), high);
    }
}
