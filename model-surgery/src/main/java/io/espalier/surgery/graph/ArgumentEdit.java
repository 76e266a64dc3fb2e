package io.espalier.surgery.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole number to put in place of an argument.
 *
 * @param position of the argument, when it has no name
 * @param item index within the argument's list, or -1 when the argument is no list
 * @param of what the argument computes where {@code value} is wanted: it is scaled, so that it still follows the input's
 *     size; 0 when the value stands by itself
 */
public record ArgumentEdit(Operator operator, int position, Optional<String> name, int item, long value, long of) {
    public ArgumentEdit(Operator operator, int position, Optional<String> name, int item, long value) {
        this(operator, position, name, item, value, 0);
    }

    /** What stands there now. */
    public Argument before() {
        Argument whole = name.isPresent() ? operator.named().get(name.get()) : operator.argument(position);
        return item < 0 ? whole : ((Argument.Sequence) whole).items().get(item);
    }

    /** The operator with the number in place, whatever else of it was edited before. */
    Operator apply(Operator target) {
        List<Argument> arguments = new ArrayList<>(target.arguments());
        Map<String, Argument> named = new LinkedHashMap<>(target.named());
        if (name.isPresent()) {
            named.compute(name.get(), (key, argument) -> replaced(argument));
        } else {
            arguments.set(position, replaced(arguments.get(position)));
        }
        return new Operator(
                target.index(),
                target.name(),
                arguments,
                named,
                target.outputs(),
                target.modulePath(),
                target.call(),
                target.place());
    }

    private Argument replaced(Argument argument) {
        if (item < 0 || !(argument instanceof Argument.Sequence list)) {
            return number(argument);
        }
        List<Argument> items = new ArrayList<>(list.items());
        items.set(item, number(items.get(item)));
        return new Argument.Sequence(items, list.tuple(), list.type(), list.keys());
    }

    private Argument number(Argument argument) {
        return of == 0 ? new Argument.Literal(Optional.of(value), -1) : new Argument.Scaled(argument, value, of);
    }
}
