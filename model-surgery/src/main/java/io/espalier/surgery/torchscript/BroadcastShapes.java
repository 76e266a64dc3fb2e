package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.Set;

/** {@link ShapeRules} for operators that combine tensors element by element. */
final class BroadcastShapes {
    private static final Set<String> ARITHMETIC =
            Set.of("add", "sub", "rsub", "mul", "div", "maximum", "minimum", "where", "fmod", "remainder", "atan2");
    private static final Set<String> COMPARISONS = Set.of(
            "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_not", "logical_xor", "isnan");

    private BroadcastShapes() {}

    static boolean contains(String name) {
        return ARITHMETIC.contains(name) || COMPARISONS.contains(name);
    }

    /** {@code name} is one of {@link #contains}. */
    static TensorFact infer(String name, KnownArguments given) {
        boolean comparison = COMPARISONS.contains(name);
        long[] sizes = {};
        int type = comparison ? TensorFact.BOOL : -1;
        for (Argument argument : given.all()) {
            TensorFact fact = given.known().fact(argument);
            boolean tensor = argument instanceof Argument.Stored
                    || (argument instanceof Argument.Ref ref && ref.value().tensor() >= 0);
            if (tensor && !fact.hasRank()) {
                return TensorFact.UNKNOWN;
            } else if (tensor) {
                sizes = broadcast(sizes, fact.sizes());
                // Between floats of one width nothing is promoted; anything else is left to the recording.
                type = comparison ? type : type < 0 && fact.isFloat() ? fact.type() : type == fact.type() ? type : -1;
            }
        }
        return new TensorFact(sizes, type);
    }

    /** Sizes of equal rank or less meet at the last dimension, and 1 fits any. */
    static long[] broadcast(long[] a, long[] b) {
        long[] longer = a.length >= b.length ? a.clone() : b.clone();
        long[] shorter = a.length >= b.length ? b : a;
        int offset = longer.length - shorter.length;
        for (int i = 0; i < shorter.length; i++) {
            long x = longer[offset + i];
            long y = shorter[i];
            longer[offset + i] = x == 1 || x == y ? y : y == 1 ? x : Math.max(x, y) > 1 ? Math.max(x, y) : -1;
        }
        return longer;
    }
}
