package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Operator;
import java.util.List;

/** How rules name operators. */
final class Calls {
    private Calls() {}

    static String at(Operator operator) {
        return operator.plainName() + " at " + operator.place();
    }

    static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
