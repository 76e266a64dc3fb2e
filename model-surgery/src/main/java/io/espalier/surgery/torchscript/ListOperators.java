package io.espalier.surgery.torchscript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Operators on lists and tuples whose items are known. */
final class ListOperators {
    private static final int LENGTH_LIMIT = 10_000;

    private final Function<Symbol, Object> constants;

    /** {@code constants} as {@link Containers} takes it. */
    ListOperators(Function<Symbol, Object> constants) {
        this.constants = constants;
    }

    /** The result, or empty where the operator is not one of these or needs what is not known. */
    Optional<Symbol> apply(String operator, Symbol.Items given, List<Symbol> rest) {
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
                return position(items, rest.get(0)).map(items::get);
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
                return position(items, where).map(i -> items.remove((int) i));
            }
            case "_set_item" -> {
                return position(items, rest.get(0)).map(i -> {
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

    private Optional<Integer> position(List<Symbol> items, Symbol index) {
        if (!(constants.apply(index) instanceof Long i)) {
            return Optional.empty();
        }
        long at = i < 0 ? i + items.size() : i;
        return at >= 0 && at < items.size() ? Optional.of((int) at) : Optional.empty();
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
}
