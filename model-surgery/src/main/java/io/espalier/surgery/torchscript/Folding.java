package io.espalier.surgery.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Operators on plain values, computed as TorchScript's interpreter does: a Long, Double, Boolean or String, {@link #NONE},
 * or a List of those.
 */
final class Folding {
    /** None as a value, since an empty result says that an operator is not known here. */
    static final Object NONE = new Object() {
        @Override
        public String toString() {
            return "None";
        }
    };

    private Folding() {}

    /** The result, or empty for an operator or operands that are left to the engine. */
    static Optional<Object> fold(String operator, List<Object> values) {
        try {
            return Optional.ofNullable(
                    switch (values.size()) {
                        case 1 -> one(operator, values.get(0));
                        case 2 -> two(operator, values.get(0), values.get(1));
                        default -> many(operator, values);
                    });
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Object many(String operator, List<Object> values) {
        if (operator.equals("find")) {
            return TextFolding.find(values);
        } else if (operator.equals("format")) {
            return TextFolding.format(values);
        }
        return values.size() == 3
                        && values.get(0) instanceof Long a
                        && values.get(1) instanceof Long b
                        && values.get(2) instanceof Long c
                ? NumberFolding.range(operator, a, b, c)
                : null;
    }

    private static Object one(String operator, Object a) {
        if (a instanceof List<?> list) {
            return ofList(operator, list);
        } else if (a instanceof String text) {
            return TextFolding.one(operator, text);
        } else if (operator.equals("format")) {
            return null;
        } else if (operator.equals("__not__")) {
            return a instanceof Boolean truth ? !truth : null;
        } else if (operator.equals("str")) {
            return TextFolding.text(a);
        }
        return a instanceof Number || a instanceof Boolean ? NumberFolding.one(operator, a) : null;
    }

    private static Object ofList(String operator, List<?> list) {
        switch (operator) {
            case "any" -> {
                return truths(list).map(truths -> truths.contains(true)).orElse(null);
            }
            case "all" -> {
                return truths(list).map(truths -> !truths.contains(false)).orElse(null);
            }
            case "sum", "prim.max", "prim.min", "max", "min" -> {
                String two = operator.equals("sum") ? "add" : operator;
                Object result = list.isEmpty() ? (operator.equals("sum") ? (Object) 0L : null) : list.get(0);
                for (int i = 1; i < list.size() && result != null; i++) {
                    result = two(two, result, list.get(i));
                }
                return result;
            }
            default -> {
                return operator.equals("str") ? TextFolding.text(list) : null;
            }
        }
    }

    private static Optional<List<Boolean>> truths(List<?> list) {
        List<Boolean> truths = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof Boolean truth) {
                truths.add(truth);
            } else if (item instanceof Number number) {
                truths.add(number.doubleValue() != 0);
            }
        }
        return truths.size() == list.size() ? Optional.of(truths) : Optional.empty();
    }

    private static Object two(String operator, Object a, Object b) {
        switch (operator) {
            case "__is__" -> {
                return a == NONE || b == NONE ? (Object) (a == b) : null;
            }
            case "__isnot__" -> {
                return a == NONE || b == NONE ? (Object) (a != b) : null;
            }
            case "eq" -> {
                return equal(a, b);
            }
            case "ne" -> {
                return !equal(a, b);
            }
            case "__contains__" -> {
                return a instanceof List<?> list ? (Object) list.stream().anyMatch(item -> equal(item, b)) : null;
            }
            case "format" -> {
                return TextFolding.format(List.of(a, b));
            }
            default -> {}
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return NumberFolding.two(operator, x, y);
        } else if (a instanceof String x && b instanceof String y) {
            return TextFolding.two(operator, x, y);
        }
        return a instanceof Number x && b instanceof Number y ? NumberFolding.two(operator, x, y) : null;
    }

    private static boolean equal(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return x.doubleValue() == y.doubleValue();
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            boolean same = x.size() == y.size();
            for (int i = 0; i < x.size() && same; i++) {
                same = equal(x.get(i), y.get(i));
            }
            return same;
        }
        return Objects.equals(a, b);
    }
}
