package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.graph.Argument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Symbols as plain values and as arguments. */
final class Conversion {
    private static final long ITEM_LIMIT = 5_000_000;
    private static final int DEPTH_LIMIT = 50;

    private final KnownValues known;
    private long converted;

    Conversion(KnownValues known) {
        this.known = known;
    }

    /** A symbol's plain value (see {@link Folding}), or null where it is not known. */
    Object constant(Symbol symbol) {
        return constant(symbol, 0);
    }

    private Object constant(Symbol symbol, int depth) {
        if (symbol instanceof Symbol.Data data) {
            return known.constant(data.argument());
        } else if (symbol instanceof Symbol.Items items) {
            count(items.items().size(), depth);
            List<Object> values = new ArrayList<>();
            for (Symbol item : items.items()) {
                Object value = constant(item, depth + 1);
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
            return values;
        }
        return null;
    }

    /** Lists may share items, so that little code can stand for very much. */
    private void count(int items, int depth) {
        converted += items;
        if (converted > ITEM_LIMIT || depth > DEPTH_LIMIT) {
            throw new ModelFormatException("code/: lists nest deeper than " + DEPTH_LIMIT + " or hold more than "
                    + ITEM_LIMIT + " items in all");
        }
    }

    /** The symbol as something that an operator or a caller is given. */
    Argument argument(Symbol symbol, Scope scope, int line) {
        return argument(symbol, scope, line, 0);
    }

    private Argument argument(Symbol symbol, Scope scope, int line, int depth) {
        if (symbol instanceof Symbol.Data data) {
            return data.argument();
        } else if (symbol instanceof Symbol.Items list) {
            if (list.items().isEmpty() && !list.tuple()) {
                return empty(list.type().isEmpty() ? "List[Tensor]" : list.type(), "[]");
            }
            return new Argument.Sequence(
                    arguments(list.items(), scope, line, depth), list.tuple(), list.type(), List.of());
        } else if (symbol instanceof Symbol.Table table) {
            if (table.entries().isEmpty()) {
                return empty(table.type().isEmpty() ? "Dict[str, Tensor]" : table.type(), "{}");
            }
            List<String> keys = new ArrayList<>();
            for (Object key : table.entries().keySet()) {
                if (!(key instanceof String text)) {
                    throw scope.refused(line, "a dictionary with keys that are no strings leaves the model's code");
                }
                keys.add(text);
            }
            return new Argument.Sequence(
                    arguments(table.entries().values(), scope, line, depth), false, table.type(), keys);
        }
        throw scope.refused(line, "a module is used as a value");
    }

    private static Argument empty(String type, String text) {
        return new Argument.Verbatim("annotate(" + type + ", " + text + ")");
    }

    private List<Argument> arguments(Collection<Symbol> symbols, Scope scope, int line, int depth) {
        count(symbols.size(), depth);
        return symbols.stream()
                .map(item -> argument(item, scope, line, depth + 1))
                .toList();
    }
}
