package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Arithmetic on sizes, which traced code does on numbers and on tensors of one number. What is computed from the number of
 * units follows a cut by itself, and is remembered as such: it may become a size again, never data.
 */
final class NumberRules {
    private static final Map<String, BinaryOperator<Object>> BINARY = Map.ofEntries(
            Map.entry("add", (a, b) -> isWhole(a, b) ? (Object) (whole(a) + whole(b)) : real(a) + real(b)),
            Map.entry("sub", (a, b) -> isWhole(a, b) ? (Object) (whole(a) - whole(b)) : real(a) - real(b)),
            Map.entry("rsub", (a, b) -> isWhole(a, b) ? (Object) (whole(b) - whole(a)) : real(b) - real(a)),
            Map.entry("mul", (a, b) -> isWhole(a, b) ? (Object) (whole(a) * whole(b)) : real(a) * real(b)),
            Map.entry("remainder", NumberRules::remainder),
            Map.entry("floor_divide", NumberRules::floorDivide),
            Map.entry("floordiv", NumberRules::floorDivide),
            Map.entry("__round_to_zero_floordiv", NumberRules::floorDivide),
            Map.entry("pow", (a, b) -> Math.pow(real(a), real(b))),
            Map.entry("div", (a, b) -> real(a) / real(b)));

    private NumberRules() {}

    /** Whether the operator was one of those, all of whose operands are known. */
    static boolean apply(Operator operator, Flow flow) {
        if (operator.outputs().size() != 1) {
            return unpack(operator, flow);
        }
        return switch (operator.name()) {
            case "size" -> size(operator, flow);
            case "len" -> length(operator, flow);
            case "dim" -> rank(operator, flow);
            case "numel" -> elements(operator, flow);
            case "prim.NumToTensor", "Int", "Float", "IntImplicit", "FloatImplicit", "ScalarImplicit", "item" ->
                cast(operator, flow);
            case "__getitem__" -> item(operator, flow);
            case "neg" -> negative(operator, flow);
            default -> arithmetic(operator, flow);
        };
    }

    private static boolean size(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        if (input.isEmpty()) {
            return false;
        } else if (operator.arguments().size() == 1) {
            flow.setNumberList(
                    operator,
                    IntStream.range(0, input.get().shape().length)
                            .mapToObj(d -> known(input.get(), d))
                            .toList());
            return true;
        }
        Optional<Integer> dim = flow.dim(operator.argument(1), input.get().shape().length);
        dim.ifPresent(d -> flow.setNumber(operator, known(input.get(), d)));
        return dim.isPresent();
    }

    private static Known known(Item input, int dim) {
        return new Known(input.shape()[dim], counts(input.labels().filter(l -> l.varies(dim)), d -> d == dim));
    }

    private static List<Known.Count> counts(Optional<LabelArray> labels, IntPredicate dims) {
        return labels.map(found -> new Known.Count(found, dims)).stream().toList();
    }

    private static boolean length(Operator operator, Flow flow) {
        Optional<Integer> count = flow.numberList(operator.argument(0))
                .map(List::size)
                .or(() -> flow.items(operator.argument(0)).map(List::size));
        count.ifPresent(n -> flow.setNumber(operator, Known.fixed((long) n)));
        return count.isPresent();
    }

    private static boolean rank(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        input.ifPresent(i -> flow.setNumber(operator, Known.fixed((long) i.shape().length)));
        return input.isPresent();
    }

    private static boolean elements(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        input.ifPresent(i -> flow.setNumber(
                operator,
                new Known(Arrays.stream(i.shape()).reduce(1, Math::multiplyExact), counts(i.labels(), d -> true))));
        return input.isPresent();
    }

    private static boolean cast(Operator operator, Flow flow) {
        Optional<Known> given = flow.number(operator.argument(0));
        boolean toWhole = operator.name().startsWith("Int");
        given.ifPresent(known -> flow.setNumber(
                operator, new Known(toWhole ? (Object) whole(known.value()) : known.value(), known.counts())));
        return given.isPresent();
    }

    private static boolean item(Operator operator, Flow flow) {
        Optional<List<Known>> list = flow.numberList(operator.argument(0));
        Optional<Integer> at = list.flatMap(all -> flow.dim(operator.argument(1), all.size()));
        at.ifPresent(i -> flow.setNumber(operator, list.get().get(i)));
        return at.isPresent();
    }

    private static boolean negative(Operator operator, Flow flow) {
        Optional<Known> given = flow.number(operator.argument(0)).filter(known -> !(known.value() instanceof Boolean));
        given.ifPresent(known -> flow.setNumber(
                operator,
                new Known(known.value() instanceof Long n ? (Object) (-n) : -real(known.value()), known.counts())));
        return given.isPresent();
    }

    private static boolean unpack(Operator operator, Flow flow) {
        Optional<List<Known>> list =
                operator.name().equals("prim.unpack") ? flow.numberList(operator.argument(0)) : Optional.empty();
        if (list.isEmpty() || list.get().size() != operator.outputs().size()) {
            return false;
        }
        for (int i = 0; i < list.get().size(); i++) {
            flow.setNumber(operator.outputs().get(i), list.get().get(i));
        }
        return true;
    }

    private static boolean arithmetic(Operator operator, Flow flow) {
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
        Argument factor = operator.argument(2);
        boolean scaled = operator.arguments().size() > 2
                && !(factor instanceof Argument.Literal literal
                        && literal.constant().equals(Optional.of(1L)));
        if (operands.size() < 2 || scaled || operands.stream().anyMatch(k -> k.value() instanceof Boolean)) {
            return false;
        }
        boolean rounded = operator.name().equals("div")
                && operator.named().get("rounding_mode") instanceof Argument.Literal mode
                && mode.constant().isPresent();
        BinaryOperator<Object> used = rounded ? NumberRules::floorDivide : function.get();
        Object value = used.apply(operands.get(0).value(), operands.get(1).value());
        List<Known.Count> counts =
                operands.stream().flatMap(k -> k.counts().stream()).toList();
        flow.setNumber(operator, new Known(value, counts));
        return true;
    }

    private static boolean isWhole(Object a, Object b) {
        return a instanceof Long && b instanceof Long;
    }

    private static long whole(Object number) {
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
