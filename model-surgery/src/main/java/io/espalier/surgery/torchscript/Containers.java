package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Operators on lists and dictionaries whose items are known: they run while code is inlined and leave no operator behind. */
final class Containers {
    private static final int LENGTH_LIMIT = 10_000;
    private static final int TOTAL_LIMIT = 5_000_000;

    private final Function<Symbol, Object> constants;
    private long total;

    /** {@code constants} gives a symbol's plain value, or null where it is not known. */
    Containers(Function<Symbol, Object> constants) {
        this.constants = constants;
    }

    /** The result, or empty where the operator is not one of these or needs what is not known. */
    Optional<Symbol> apply(String operator, List<Symbol> arguments) {
        if (operator.equals("dict")) {
            return dictionary(arguments);
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
            return ofTable(operator, table, rest);
        }
        return arguments.get(0) instanceof Symbol.Items items ? ofItems(operator, items, rest) : Optional.empty();
    }

    private Optional<Symbol> ofItems(String operator, Symbol.Items given, List<Symbol> rest) {
        List<Symbol> items = given.items();
        switch (operator) {
            case "len" -> {
                return Optional.of(Symbol.literal((long) items.size()));
            }
            case "list", "copy" -> {
                return Optional.of(
                        new Symbol.Items(new ArrayList<>(items), false, given.tuple() ? "" : given.type(), List.of()));
            }
            case "__getitem__" -> {
                return position(items, rest.get(0), 0).map(items::get);
            }
            case "slice" -> {
                return slice(given, rest);
            }
            case "add" -> {
                return rest.get(0) instanceof Symbol.Items other
                                && items.size() + other.items().size() <= LENGTH_LIMIT
                        ? Optional.of(
                                new Symbol.Items(joined(items, other.items()), given.tuple(), given.type(), List.of()))
                        : Optional.empty();
            }
            case "mul" -> {
                return constants.apply(rest.get(0)) instanceof Long count
                                && count * (long) items.size() <= LENGTH_LIMIT
                                && count <= LENGTH_LIMIT
                        ? Optional.of(new Symbol.Items(repeated(items, count), false, given.type(), List.of()))
                        : Optional.empty();
            }
            default -> {
                return given.tuple() ? Optional.empty() : changed(operator, given, rest);
            }
        }
    }

    private Optional<Symbol> changed(String operator, Symbol.Items list, List<Symbol> rest) {
        List<Symbol> items = list.items();
        if (items.size() >= LENGTH_LIMIT) {
            return Optional.empty();
        }
        switch (operator) {
            case "append" -> {
                items.add(rest.get(0));
                return Optional.of(list);
            }
            case "extend", "add_" -> {
                if (!(rest.get(0) instanceof Symbol.Items other)
                        || other.items().size() > LENGTH_LIMIT) {
                    return Optional.empty();
                }
                items.addAll(List.copyOf(other.items()));
                return Optional.of(list);
            }
            case "insert" -> {
                Object at = constants.apply(rest.get(0));
                if (at instanceof Long index && Math.abs(index) <= items.size()) {
                    items.add((int) (index < 0 ? index + items.size() : index), rest.get(1));
                    return Optional.of(list);
                }
                return Optional.empty();
            }
            case "pop" -> {
                Symbol where = rest.isEmpty() ? Symbol.literal(-1L) : rest.get(0);
                return position(items, where, 0).map(i -> items.remove((int) i));
            }
            case "_set_item" -> {
                return position(items, rest.get(0), 0).map(i -> {
                    items.set(i, rest.get(1));
                    return list;
                });
            }
            case "clear" -> {
                items.clear();
                return Optional.of(list);
            }
            case "reverse" -> {
                Collections.reverse(items);
                return Optional.of(list);
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private Optional<Integer> position(List<Symbol> items, Symbol index, int extra) {
        if (!(constants.apply(index) instanceof Long i)) {
            return Optional.empty();
        }
        long at = i < 0 ? i + items.size() : i;
        return at >= 0 && at < items.size() + extra ? Optional.of((int) at) : Optional.empty();
    }

    private Optional<Symbol> slice(Symbol.Items given, List<Symbol> rest) {
        long[] bounds = {0, given.items().size(), 1};
        for (int i = 0; i < rest.size() && i < 3; i++) {
            Object bound = constants.apply(rest.get(i));
            if (bound instanceof Long number) {
                boolean fromBack = i < 2 && number < 0;
                bounds[i] = fromBack ? Math.max(0, number + given.items().size()) : number;
            } else if (bound != Folding.NONE) {
                return Optional.empty();
            }
        }
        if (bounds[2] < 1) {
            return Optional.empty();
        }
        List<Symbol> items = new ArrayList<>();
        for (long i = bounds[0]; i < Math.min(bounds[1], given.items().size()); i += bounds[2]) {
            items.add(given.items().get((int) i));
        }
        return Optional.of(new Symbol.Items(items, given.tuple(), given.tuple() ? "" : given.type(), List.of()));
    }

    private static List<Symbol> joined(List<Symbol> first, List<Symbol> second) {
        List<Symbol> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static List<Symbol> repeated(List<Symbol> items, long count) {
        List<Symbol> all = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            all.addAll(items);
        }
        return all;
    }

    private Optional<Symbol> dictionary(List<Symbol> arguments) {
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

    private Optional<Symbol> ofTable(String operator, Symbol.Table table, List<Symbol> rest) {
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
                if (table.entries().size() < LENGTH_LIMIT) {
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
