package io.espalier.surgery.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to put in place of an argument.
 *
 * @param position of the argument, when it has no name
 * @param item index within the argument's list, or -1 when the argument is no list
 * @param after a whole number, or one that is computed and scaled, so that it still follows the input's size
 */
public record ArgumentEdit(Operator operator, int position, Optional<String> name, int item, Argument after) {
    public ArgumentEdit(Operator operator, int position, Optional<String> name, int item, long value) {
        this(operator, position, name, item, new Argument.Literal(Optional.of(value), -1));
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
            return after;
        }
        List<Argument> items = new ArrayList<>(list.items());
        items.set(item, after);
        return new Argument.Sequence(items, list.tuple(), list.type(), list.keys());
    }
}
