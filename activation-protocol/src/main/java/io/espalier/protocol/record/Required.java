package io.espalier.protocol.record;

import java.util.List;

/** Checks of the records' constructors; a field that fails is named as it is in JSON. */
final class Required {
    private Required() {}

    static <T> T present(String field, T value) {
        if (value == null) {
            throw new IllegalArgumentException("field '" + field + "' is missing");
        }
        return value;
    }

    static <T> List<T> list(String field, List<T> value) {
        return List.copyOf(present(field, value));
    }

    static void atLeastOne(String field, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " must be 1 or more, not " + value);
        }
    }

    static void share(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("field '" + field + "' must be from 0 to 1, not " + value);
        }
    }
}
