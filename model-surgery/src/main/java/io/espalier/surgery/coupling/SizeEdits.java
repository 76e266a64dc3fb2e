package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the code holds a number that no longer fits, and what is to stand there. */
final class SizeEdits {
    private final KnownValues values;
    private final List<ArgumentEdit> edits = new ArrayList<>();
    private final Map<Argument, Argument> products = new HashMap<>();
    private final Map<Argument, Argument> scales = new HashMap<>();

    SizeEdits(KnownValues values) {
        this.values = values;
    }

    List<ArgumentEdit> all() {
        return edits;
    }

    /** An argument that must have this value now. */
    void require(Operator operator, Place place, long wanted) {
        if (!values.integer(place.in(operator)).equals(Optional.of(wanted))) {
            edits.add(edit(operator, place, -1, number(wanted)));
        }
    }

    /** The numbers in a list argument, which were others when {@code surveyed}; {@code inferred}: -1 may stand for one. */
    void requireSizes(Operator operator, Place place, long[] wanted, long[] surveyed, boolean inferred) {
        if (!(place.in(operator) instanceof Argument.Sequence list)
                || list.items().size() != wanted.length) {
            throw new Inconsistent(operator, "takes sizes that are not understood");
        }
        List<Optional<Long>> now = list.items().stream().map(values::integer).toList();
        boolean free = inferred && !now.contains(Optional.of(-1L));
        for (int i = 0; i < wanted.length; i++) {
            boolean fits = now.get(i).equals(Optional.of(wanted[i]))
                    || (inferred && now.get(i).equals(Optional.of(-1L)))
                    || (now.get(i).isEmpty() && wanted[i] == surveyed[i]);
            if (!fits) {
                Argument size = list.items().get(i);
                boolean computed = !(size instanceof Argument.Literal);
                Argument after =
                        free && computed ? number(-1) : scaled(size, wanted[i]).orElse(number(wanted[i]));
                edits.add(edit(operator, place, i, after));
                free &= !computed;
            }
        }
    }

    /** A size that is computed, but not from units, follows the input, such as the batch: it is scaled, to go on doing so. */
    private Optional<Argument> scaled(Argument size, long wanted) {
        Argument input = scales.getOrDefault(size, size);
        return values.number(input)
                .filter(known -> size instanceof Argument.Ref && !known.followsUnits())
                .flatMap(known -> values.integer(input))
                .filter(now -> now > 0)
                .map(now -> new Argument.Scaled(input, wanted, now));
    }

    /** Notes a number that an earlier cut has scaled, so that it is scaled anew and not once more. */
    void noteScale(Operator operator) {
        if (operator.name().equals("mul") && whole(operator.argument(1))) {
            products.put(new Argument.Ref(operator.outputs().get(0)), operator.argument(0));
        } else if (operator.name().equals("floordiv")
                && products.containsKey(operator.argument(0))
                && whole(operator.argument(1))) {
            scales.put(new Argument.Ref(operator.outputs().get(0)), products.get(operator.argument(0)));
        }
    }

    private static boolean whole(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().filter(Long.class::isInstance).isPresent();
    }

    private static Argument number(long value) {
        return new Argument.Literal(Optional.of(value), -1);
    }

    private static ArgumentEdit edit(Operator operator, Place place, int item, Argument after) {
        Optional<String> name = place.isNamed(operator) ? Optional.of(place.name()) : Optional.empty();
        return new ArgumentEdit(operator, place.position(), name, item, after);
    }
}
