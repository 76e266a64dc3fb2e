package io.espalier.surgery.graph;

import java.util.List;
import java.util.Optional;

/** What an operator is given. */
public sealed interface Argument {
    /** A value that an earlier operator defined, or an input. */
    record Ref(Value value) implements Argument {}

    /** A stored tensor. */
    record Stored(Parameter parameter) implements Argument {}

    /**
     * A number, a truth value, a string, or nothing.
     *
     * @param constant a Long, Double, Boolean or String, or empty for none
     * @param site number of this use of a number, by which it can be rewritten on its own; -1 when it cannot
     */
    record Literal(Optional<Object> constant, int site) implements Argument {}

    /**
     * A list, a tuple or a dictionary: whoever follows the items follows all that is in it.
     *
     * @param type what it is declared as, in the words of the file; empty where its items say enough
     * @param keys of a dictionary, one per item; empty for a list or a tuple
     */
    record Sequence(List<Argument> items, boolean tuple, String type, List<String> keys) implements Argument {
        public Sequence {
            items = List.copyOf(items);
            keys = List.copyOf(keys);
        }

        public Sequence(List<Argument> items, boolean tuple) {
            this(items, tuple, "", List.of());
        }
    }

    /** A computed whole number, times one number and divided by another that goes into the product. */
    record Scaled(Argument number, long times, long over) implements Argument {}

    /** Something the reader passes through as it stands, such as a device, in the words of the file. */
    record Verbatim(String text) implements Argument {}
}
