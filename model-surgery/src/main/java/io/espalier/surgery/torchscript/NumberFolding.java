package io.espalier.surgery.torchscript;

/** Operators on numbers and truth values: a Long, Double or Boolean each; null where the result is left to the engine. */
final class NumberFolding {
    private NumberFolding() {}

    /** {@code a} is a Number or a Boolean. */
    static Object one(String operator, Object a) {
        double number = a instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) a).doubleValue();
        boolean whole = a instanceof Long;
        return switch (operator) {
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

    /** Two whole numbers stay whole where Python's would; whole and real make real. */
    static Object two(String operator, Number a, Number b) {
        return a instanceof Long x && b instanceof Long y
                ? whole(operator, x, y)
                : real(operator, a.doubleValue(), b.doubleValue());
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

    static Object two(String operator, boolean a, boolean b) {
        return switch (operator) {
            case "__and__" -> a && b;
            case "__or__" -> a || b;
            case "__xor__" -> a ^ b;
            default -> null;
        };
    }

    /** How a loop over {@code range(start, end, step)} is printed: by its length, and the index of each turn. */
    static Object range(String operator, long a, long b, long c) {
        return switch (operator) {
            case "__range_length" ->
                c == 0 ? null : (Object) Math.max(0, Math.floorDiv(Math.subtractExact(b, a) + c - Long.signum(c), c));
            case "__derive_index" -> Math.addExact(b, Math.multiplyExact(a, c));
            default -> null;
        };
    }
}
