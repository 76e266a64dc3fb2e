package io.espalier.surgery.fold;

import io.espalier.surgery.coupling.Passage;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** What functions of one or two elements make of marks. */
final class Elementwise {
    private static final Map<String, DoubleBinaryOperator> BINARY = Map.ofEntries(
            Map.entry("add", Double::sum),
            Map.entry("sub", (a, b) -> a - b),
            Map.entry("subtract", (a, b) -> a - b),
            Map.entry("rsub", (a, b) -> b - a),
            Map.entry("mul", (a, b) -> a * b),
            Map.entry("multiply", (a, b) -> a * b),
            Map.entry("div", (a, b) -> a / b),
            Map.entry("divide", (a, b) -> a / b),
            Map.entry("true_divide", (a, b) -> a / b),
            Map.entry("maximum", Math::max),
            Map.entry("minimum", Math::min));

    private Elementwise() {}

    /** Empty for an operator that is none of these. */
    static Optional<Mark> passed(Passage<Mark> passage) {
        Operator operator = passage.operator();
        String name = operator.plainName();
        if (BINARY.containsKey(name)) {
            return Optional.of(binary(name, passage));
        } else if (name.equals("gelu")) {
            boolean byTanh = Arguments.is(Arguments.get(operator, 1, "approximate"), "tanh");
            return Optional.of(unary(passage, x -> Pointwise.gelu(x, byTanh)));
        } else if (Pointwise.contains(name)) {
            return Optional.of(function(name, passage));
        }
        return Optional.empty();
    }

    private static Mark function(String name, Passage<Mark> passage) {
        double[] numbers = new double[Pointwise.count(name)];
        for (int i = 0; i < numbers.length; i++) {
            Argument given = passage.operator().argument(i + 1);
            Optional<Double> number = passage.number(i + 1).map(Elementwise::real);
            if (!passage.operator().named().isEmpty() || (number.isEmpty() && !Arguments.isNone(given))) {
                return lostUnlessLive(passage);
            }
            numbers[i] = number.orElse(Double.NaN);
        }
        return unary(passage, x -> Pointwise.apply(name, x, numbers));
    }

    private static Mark unary(Passage<Mark> passage, DoubleUnaryOperator function) {
        return passage.carried() instanceof Mark.Constant constant
                ? Mark.of(function.applyAsDouble(constant.value()), infinite(passage))
                : passage.carried();
    }

    /** What is left of a number that an operator makes something unknown of. */
    static Mark lostUnlessLive(Passage<Mark> passage) {
        return passage.carried() instanceof Mark.Constant ? new Mark.Lost(unknown(passage)) : passage.carried();
    }

    static String unknown(Passage<Mark> passage) {
        return "goes through " + Calls.at(passage.operator());
    }

    private static String infinite(Passage<Mark> passage) {
        return "is not finite behind " + Calls.at(passage.operator());
    }

    private static Mark binary(String name, Passage<Mark> passage) {
        Mark a = operand(passage, 0);
        Mark b = operand(passage, 1);
        boolean product = name.startsWith("mul");
        if (product && (Mark.isZero(a) || Mark.isZero(b))) {
            return new Mark.Constant(0);
        } else if (a instanceof Mark.Constant x && b instanceof Mark.Constant y) {
            Optional<Double> factor = factor(name, passage);
            return factor.isEmpty()
                    ? new Mark.Lost(unknown(passage))
                    : Mark.of(BINARY.get(name).applyAsDouble(x.value(), factor.get() * y.value()), infinite(passage));
        }
        return either(a, b);
    }

    /** What is left when not both are known: what varies says more than what was lost. */
    private static Mark either(Mark a, Mark b) {
        if (a instanceof Mark.Kept || b instanceof Mark.Kept) {
            return Mark.LIVE;
        }
        for (Mark mark : new Mark[] {a, b}) {
            if (mark instanceof Mark.Live) {
                return mark;
            }
        }
        return a instanceof Mark.Lost ? a : b;
    }

    /** Of the second operand of a sum: {@code alpha}; empty when it is not known. A division must not round. */
    private static Optional<Double> factor(String name, Passage<Mark> passage) {
        Operator operator = passage.operator();
        if (name.startsWith("div")) {
            Argument mode = Arguments.get(operator, 2, "rounding_mode");
            return Arguments.isNone(mode) ? Optional.of(1.0) : Optional.empty();
        }
        boolean plain = operator.arguments().size() <= 2 && operator.named().isEmpty();
        boolean one = operator.named().isEmpty()
                ? operator.arguments().size() == 3
                        && passage.number(2).filter(n -> real(n) == 1).isPresent()
                : operator.arguments().size() <= 2
                        && operator.named().keySet().equals(Set.of("alpha"))
                        && Arguments.is(operator.named().get("alpha"), 1L);
        return plain || one ? Optional.of(1.0) : Optional.empty();
    }

    private static Mark operand(Passage<Mark> passage, int position) {
        return passage.number(position)
                .filter(number -> !(number instanceof Boolean))
                .<Mark>map(number -> new Mark.Constant(real(number)))
                .or(() -> passage.operand(position))
                .orElseGet(() -> new Mark.Lost(
                        "is combined with a tensor that is not followed, in " + Calls.at(passage.operator())));
    }

    private static double real(Object number) {
        return number instanceof Number n ? n.doubleValue() : Double.NaN;
    }
}
