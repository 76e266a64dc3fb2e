package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.List;

/** An operator's arguments by position, with what is known of them before the model runs. */
record KnownArguments(KnownValues known, List<Argument> all) {
    /** Of a tensor; unknown where there is no such argument. */
    TensorFact fact(int index) {
        return index < all.size() ? known.fact(all.get(index)) : TensorFact.UNKNOWN;
    }

    /** The plain value (see {@link Folding}), or null where it is not known or there is no such argument. */
    Object constant(int index) {
        return index < all.size() ? known.constant(all.get(index)) : null;
    }

    /** {@code preset} where there is no such argument; throws ArithmeticException where the number is not known. */
    long number(int index, long preset) {
        if (index >= all.size()) {
            return preset;
        } else if (constant(index) instanceof Long number) {
            return number;
        }
        throw new ArithmeticException("not known");
    }

    /** A dimension counted from the front, as {@link #number}. */
    int dim(int index, long preset, int rank) {
        return at(number(index, preset), rank);
    }

    /** A dimension counted from the front, of one that is counted from the back below zero. */
    static int at(long dim, int rank) {
        return Math.toIntExact(dim < 0 ? dim + rank : dim);
    }

    /** Sizes given as a list, -1 for those that are not known or left open; null when it is no list. */
    long[] sizes(int index) {
        return index < all.size() && all.get(index) instanceof Argument.Sequence sequence
                ? sequence.items().stream()
                        .mapToLong(item -> known.constant(item) instanceof Long size ? size : -1)
                        .toArray()
                : null;
    }

    /** Whether a size of such a list is left open, which is written as -1. */
    boolean isOpen(int index, int item) {
        Argument size = ((Argument.Sequence) all.get(index)).items().get(item);
        return Long.valueOf(-1).equals(known.constant(size));
    }
}
