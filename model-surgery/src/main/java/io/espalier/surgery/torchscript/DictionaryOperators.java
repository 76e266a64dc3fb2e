package io.espalier.surgery.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Operators on dictionaries whose keys are known, and those that make one. */
final class DictionaryOperators {
    private static final int SIZE_LIMIT = 10_000;

    private final Function<Symbol, Object> constants;

    /** {@code constants} as {@link Containers} takes it. */
    DictionaryOperators(Function<Symbol, Object> constants) {
        this.constants = constants;
    }

    /** {@code dict()}, {@code dict(pairs)} or {@code dict(dictionary)}; empty for anything else. */
    Optional<Symbol> made(List<Symbol> arguments) {
        LinkedHashMap<Object, Symbol> entries = new LinkedHashMap<>();
        if (arguments.size() == 1 && arguments.get(0) instanceof Symbol.Items pairs) {
            for (Symbol pair : pairs.items()) {
                if (!(pair instanceof Symbol.Items both) || both.items().size() != 2) {
                    return Optional.empty();
                }
                Object key = constants.apply(both.items().get(0));
                if (key == null) {
                    return Optional.empty();
                }
                entries.put(key, both.items().get(1));
            }
        } else if (arguments.size() == 1 && arguments.get(0) instanceof Symbol.Table table) {
            entries.putAll(table.entries());
        } else if (!arguments.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Symbol.Table(entries, ""));
    }

    /** The result, or empty where the operator is not one of these or needs what is not known. */
    Optional<Symbol> apply(String operator, Symbol.Table table, List<Symbol> rest) {
        Map<Object, Symbol> entries = table.entries();
        Object key = rest.isEmpty() ? null : constants.apply(rest.get(0));
        switch (operator) {
            case "len" -> {
                return Optional.of(Symbol.literal((long) entries.size()));
            }
            case "keys" -> {
                List<Symbol> keys = new ArrayList<>();
                entries.keySet().forEach(k -> keys.add(Symbol.literal(k)));
                return Optional.of(Symbol.Items.list(keys));
            }
            case "values" -> {
                return Optional.of(Symbol.Items.list(new ArrayList<>(entries.values())));
            }
            case "items" -> {
                List<Symbol> pairs = new ArrayList<>();
                entries.forEach((k, v) -> pairs.add(Symbol.Items.tuple(List.of(Symbol.literal(k), v))));
                return Optional.of(Symbol.Items.list(pairs));
            }
            case "copy" -> {
                return Optional.of(new Symbol.Table(new LinkedHashMap<>(entries), table.type()));
            }
            case "update" -> {
                if (rest.get(0) instanceof Symbol.Table other) {
                    entries.putAll(other.entries());
                    return Optional.of(table);
                }
                return Optional.empty();
            }
            default -> {
                return key == null ? Optional.empty() : atKey(operator, table, key, rest);
            }
        }
    }

    private static Optional<Symbol> atKey(String operator, Symbol.Table table, Object key, List<Symbol> rest) {
        Symbol found = table.entries().get(key);
        switch (operator) {
            case "__contains__" -> {
                return Optional.of(Symbol.literal(found != null));
            }
            case "__getitem__" -> {
                return Optional.ofNullable(found);
            }
            case "get" -> {
                return Optional.of(found != null ? found : rest.size() > 1 ? rest.get(1) : Symbol.NONE);
            }
            case "_set_item" -> {
                if (table.entries().size() < SIZE_LIMIT) {
                    table.entries().put(key, rest.get(1));
                    return Optional.of(table);
                }
                return Optional.empty();
            }
            case "pop", "Delete" -> {
                table.entries().remove(key);
                return Optional.ofNullable(found);
            }
            default -> {
                return Optional.empty();
            }
        }
    }
}
