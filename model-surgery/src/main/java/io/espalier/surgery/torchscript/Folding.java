package io.espalier.surgery.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Operators on plain values, computed as TorchScript's interpreter does: a Long, Double, Boolean or String, {@link #NONE},
 * or a List of those.
 */
final class Folding {
    private static final int TEXT_LIMIT = 100_000;

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
        if (operator.equals("find")
                && values.get(0) instanceof String text
                && values.get(1) instanceof String part
                && values.get(2) instanceof Long from
                && from == 0
                && values.size() == 4
                && Objects.equals(values.get(3), (long) text.length())) {
            return (long) text.indexOf(part);
        }
        if (values.size() == 3
                && values.get(0) instanceof Long a
                && values.get(1) instanceof Long b
                && values.get(2) instanceof Long c) {
            return range(operator, a, b, c);
        }
        return operator.equals("format") ? format(values) : null;
    }

    /** How a loop over {@code range(start, end, step)} is printed: by its length, and the index of each turn. */
    private static Object range(String operator, long a, long b, long c) {
        return switch (operator) {
            case "__range_length" ->
                c == 0 ? null : (Object) Math.max(0, Math.floorDiv(Math.subtractExact(b, a) + c - Long.signum(c), c));
            case "__derive_index" -> Math.addExact(b, Math.multiplyExact(a, c));
            default -> null;
        };
    }

    private static Object one(String operator, Object a) {
        if (a instanceof List<?> list) {
            return ofList(operator, list);
        } else if (a instanceof String text) {
            return ofText(operator, text);
        } else if (operator.equals("format")) {
            return null;
        } else if (operator.equals("__not__")) {
            return a instanceof Boolean truth ? !truth : null;
        } else if (!(a instanceof Number) && !(a instanceof Boolean)) {
            return operator.equals("str") ? text(a) : null;
        }
        double number = a instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) a).doubleValue();
        boolean whole = a instanceof Long;
        return switch (operator) {
            case "str" -> text(a);
            case "Int" -> whole ? a : (Object) (long) number;
            case "Float" -> number;
            case "Bool" -> number != 0;
            case "neg" -> whole ? (Object) Math.negateExact((Long) a) : (Object) (-number);
            case "prim.abs", "abs" -> whole ? (Object) Math.absExact((Long) a) : (Object) Math.abs(number);
            case "floor" -> (long) Math.floor(number);
            case "ceil" -> (long) Math.ceil(number);
            case "round" -> Math.rint(number);
            case "sqrt" -> Math.sqrt(number);
            case "prim.NumToTensor", "IntImplicit", "FloatImplicit", "ScalarImplicit" -> a;
            default -> null;
        };
    }

    private static Object ofText(String operator, String text) {
        return switch (operator) {
            case "len" -> (long) text.length();
            case "str", "format", "prim.type" -> text; // a device stands for its name
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            default -> null;
        };
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
                return operator.equals("str") ? text(list) : null;
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
                return format(List.of(a, b));
            }
            default -> {}
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return switch (operator) {
                case "__and__" -> x && y;
                case "__or__" -> x || y;
                case "__xor__" -> x ^ y;
                default -> null;
            };
        } else if (a instanceof String x && b instanceof String y) {
            return switch (operator) {
                case "add" -> x.length() + y.length() > TEXT_LIMIT ? null : x + y;
                case "find" -> (long) x.indexOf(y);
                case "startswith" -> x.startsWith(y);
                case "endswith" -> x.endsWith(y);
                default -> null;
            };
        } else if (a instanceof Long x && b instanceof Long y) {
            return whole(operator, x, y);
        }
        return a instanceof Number x && b instanceof Number y ? real(operator, x.doubleValue(), y.doubleValue()) : null;
    }

    private static Object whole(String operator, long a, long b) {
        return switch (operator) {
            case "add" -> Math.addExact(a, b);
            case "sub" -> Math.subtractExact(a, b);
            case "mul" -> Math.multiplyExact(a, b);
            case "floordiv" -> Math.floorDiv(a, b);
            case "remainder" -> Math.floorMod(a, b);
            case "div" -> b == 0 ? null : (Object) ((double) a / b);
            case "prim.max", "max" -> Math.max(a, b);
            case "prim.min", "min" -> Math.min(a, b);
            default -> compared(operator, Long.compare(a, b));
        };
    }

    private static Object real(String operator, double a, double b) {
        return switch (operator) {
            case "add" -> a + b;
            case "sub" -> a - b;
            case "mul" -> a * b;
            case "div" -> b == 0 ? null : (Object) (a / b);
            case "floordiv" -> b == 0 ? null : (Object) Math.floor(a / b);
            case "pow" -> Math.pow(a, b);
            case "prim.max", "max" -> Math.max(a, b);
            case "prim.min", "min" -> Math.min(a, b);
            default -> compared(operator, Double.compare(a, b));
        };
    }

    private static Object compared(String operator, int order) {
        return switch (operator) {
            case "lt" -> order < 0;
            case "le" -> order <= 0;
            case "gt" -> order > 0;
            case "ge" -> order >= 0;
            default -> null;
        };
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

    /** Only plain braces: a text with other placeholders is left alone. */
    private static Object format(List<Object> values) {
        if (!(values.get(0) instanceof String pattern)) {
            return null;
        }
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (Object value : values.subList(1, values.size())) {
            int at = pattern.indexOf("{}", from);
            if (at < 0) {
                return null;
            }
            result.append(pattern, from, at).append(text(value));
            from = at + 2;
        }
        result.append(pattern, from, pattern.length());
        return result.length() > TEXT_LIMIT ? null : result.toString();
    }

    private static String text(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        } else if (value instanceof List<?> list) {
            List<String> parts = new ArrayList<>();
            list.forEach(item -> parts.add(text(item)));
            return "[" + String.join(", ", parts) + "]";
        }
        return String.valueOf(value);
    }
}
