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
     * @param site number of the place it was written at, the same for two arguments read from one place; -1 when it
     *     cannot be rewritten
     */
    record Literal(Optional<Object> constant, int site) implements Argument {}

    /** A list or a tuple. */
    record Sequence(List<Argument> items, boolean tuple) implements Argument {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Something the reader passes through as it stands, such as a device, in the words of the file. */
    record Verbatim(String text) implements Argument {}
}
