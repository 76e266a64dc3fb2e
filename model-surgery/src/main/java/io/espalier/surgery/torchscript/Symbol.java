package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a name stands for while code is inlined. */
sealed interface Symbol {
    Data NONE = new Data(new Argument.Literal(Optional.empty(), -1));

    record Module(ModuleNode node) implements Symbol {}

    record Function(MethodDefinition definition) implements Symbol {}

    /** A value of the graph, a stored tensor, a number or a text. */
    record Data(Argument argument) implements Symbol {}

    /**
     * A list or a tuple whose length is known. A list is shared by all names that stand for it, and may change, unless it is an attribute's.
     *
     * @param type as declared, in the words of the file, or the constructor of a named tuple; may be empty
     * @param fields names of a named tuple's items; empty for any other
     */
    record Items(List<Symbol> items, boolean tuple, String type, List<String> fields) implements Symbol {
        static Items list(List<Symbol> items) {
            return new Items(items, false, "", List.of());
        }

        static Items tuple(List<Symbol> items) {
            return new Items(items, true, "", List.of());
        }
    }

    /** A dictionary whose keys are known, in order; shared as a list is. */
    record Table(Map<Object, Symbol> entries, String type) implements Symbol {}

    static Data literal(Object value) {
        return new Data(new Argument.Literal(Optional.of(value), -1));
    }
}
