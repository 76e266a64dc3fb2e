package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Operators on lists and dictionaries whose items are known: they run while code is inlined and leave no operator behind. */
final class Containers {
    private static final int TOTAL_LIMIT = 5_000_000;

    private final ListOperators lists;
    private final DictionaryOperators dictionaries;
    private long total;

    /** {@code constants} gives a symbol's plain value, or null where it is not known. */
    Containers(Function<Symbol, Object> constants) {
        this.lists = new ListOperators(constants);
        this.dictionaries = new DictionaryOperators(constants);
    }

    /** The result, or empty where the operator is not one of these or needs what is not known. */
    Optional<Symbol> apply(String operator, List<Symbol> arguments) {
        if (operator.equals("dict")) {
            return dictionaries.made(arguments);
        } else if (arguments.isEmpty()) {
            return Optional.empty();
        }
        List<Symbol> rest = arguments.subList(1, arguments.size());
        total += arguments.stream()
                .mapToInt(a -> a instanceof Symbol.Items items ? items.items().size() : 0)
                .sum();
        if (total > TOTAL_LIMIT) {
            throw new ModelFormatException("code/: lists of more than " + TOTAL_LIMIT + " items in all");
        }
        if (arguments.get(0) instanceof Symbol.Table table) {
            return dictionaries.apply(operator, table, rest);
        }
        return arguments.get(0) instanceof Symbol.Items items ? lists.apply(operator, items, rest) : Optional.empty();
    }
}
