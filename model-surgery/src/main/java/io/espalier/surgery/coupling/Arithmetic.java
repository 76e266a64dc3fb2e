package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Operators that compute one known number from others. What they were computed from is remembered. */
final class Arithmetic {
    private static final Map<String, BinaryOperator<Object>> BINARY = Map.ofEntries(
            Map.entry("add", (a, b) -> isWhole(a, b) ? (Object) (whole(a) + whole(b)) : real(a) + real(b)),
            Map.entry("sub", (a, b) -> isWhole(a, b) ? (Object) (whole(a) - whole(b)) : real(a) - real(b)),
            Map.entry("rsub", (a, b) -> isWhole(a, b) ? (Object) (whole(b) - whole(a)) : real(b) - real(a)),
            Map.entry("mul", (a, b) -> isWhole(a, b) ? (Object) (whole(a) * whole(b)) : real(a) * real(b)),
            Map.entry("remainder", Arithmetic::remainder),
            Map.entry("floor_divide", Arithmetic::floorDivide),
            Map.entry("floordiv", Arithmetic::floorDivide),
            Map.entry("__round_to_zero_floordiv", Arithmetic::floorDivide),
            Map.entry("pow", (a, b) -> Math.pow(real(a), real(b))),
            Map.entry("div", (a, b) -> real(a) / real(b)));

    private Arithmetic() {}

    static boolean negative(Operator operator, Flow flow) {
        Optional<Known> given = flow.number(operator.argument(0)).filter(known -> !(known.value() instanceof Boolean));
        given.ifPresent(known -> flow.setNumber(
                operator,
                new Known(known.value() instanceof Long n ? (Object) (-n) : -real(known.value()), known.counts())));
        return given.isPresent();
    }

    /** Whether the operator was one of two numbers, both of which are known. */
    static boolean apply(Operator operator, Flow flow) {
        Value output = operator.outputs().get(0);
        Optional<BinaryOperator<Object>> function = Optional.ofNullable(BINARY.get(operator.name()));
        if (function.isEmpty()
                || operator.arguments().size() < 2
                || (output.type() == Value.Type.TENSOR && flow.shape(output).length > 0)) {
            return false;
        }
        List<Known> operands = new ArrayList<>();
        operator.arguments().stream().limit(2).forEach(a -> flow.number(a).ifPresent(operands::add));
        // A third argument is the factor of add and sub.
        boolean scaled = operator.arguments().size() > 2 && !Arguments.is(operator.argument(2), 1L);
        if (operands.size() < 2 || scaled || operands.stream().anyMatch(k -> k.value() instanceof Boolean)) {
            return false;
        }
        boolean rounded = operator.name().equals("div")
                && operator.named().get("rounding_mode") instanceof Argument.Literal mode
                && mode.constant().isPresent();
        BinaryOperator<Object> used = rounded ? Arithmetic::floorDivide : function.get();
        Object value = used.apply(operands.get(0).value(), operands.get(1).value());
        List<Known.Count> counts =
                operands.stream().flatMap(k -> k.counts().stream()).toList();
        flow.setNumber(operator, new Known(value, counts));
        return true;
    }

    private static boolean isWhole(Object a, Object b) {
        return a instanceof Long && b instanceof Long;
    }

    static long whole(Object number) {
        return number instanceof Number n ? n.longValue() : Boolean.TRUE.equals(number) ? 1 : 0;
    }

    private static double real(Object number) {
        return number instanceof Number n ? n.doubleValue() : 0;
    }

    private static Object floorDivide(Object a, Object b) {
        return isWhole(a, b) && whole(b) != 0
                ? (Object) Math.floorDiv(whole(a), whole(b))
                : Math.floor(real(a) / real(b));
    }

    private static Object remainder(Object a, Object b) {
        return isWhole(a, b) && whole(b) != 0
                ? (Object) Math.floorMod(whole(a), whole(b))
                : real(a) - Math.floor(real(a) / real(b)) * real(b);
    }
}
