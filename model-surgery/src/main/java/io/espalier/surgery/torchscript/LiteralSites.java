package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers the places of integers in the code. A literal carries the number of its place until an operator takes it, and from
 * then on that of its site: one place is many sites where code runs more than once.
 */
final class LiteralSites {
    private final List<LiteralSite> places = new ArrayList<>();
    private final Map<LiteralSite, Integer> placeNumbers = new HashMap<>();
    private final List<Optional<LiteralSite>> sites = new ArrayList<>();

    /** Number of the place that a literal was written at, kept in its argument until an operator takes it. */
    int place(LiteralSite site) {
        return placeNumbers.computeIfAbsent(site, s -> {
            places.add(s);
            return places.size() - 1;
        });
    }

    /** A use of literals that leaves no operator behind: they cannot be given other values where they stand. */
    void pin(Argument argument) {
        used(argument);
    }

    /** The argument with literals that cannot be rewritten. */
    static Argument fixed(Argument argument) {
        if (argument instanceof Argument.Literal literal) {
            return new Argument.Literal(literal.constant(), -1);
        } else if (argument instanceof Argument.Sequence sequence) {
            return new Argument.Sequence(
                    sequence.items().stream().map(LiteralSites::fixed).toList(),
                    sequence.tuple(),
                    sequence.type(),
                    sequence.keys());
        }
        return argument;
    }

    /** An argument with a number of its own for each integer in it. */
    Argument used(Argument argument) {
        if (argument instanceof Argument.Literal literal && literal.constant().orElse(null) instanceof Long) {
            sites.add(literal.site() < 0 ? Optional.empty() : Optional.of(places.get(literal.site())));
            return new Argument.Literal(literal.constant(), sites.size() - 1);
        } else if (argument instanceof Argument.Sequence sequence) {
            return new Argument.Sequence(
                    sequence.items().stream().map(this::used).toList(),
                    sequence.tuple(),
                    sequence.type(),
                    sequence.keys());
        }
        return argument;
    }

    /** By site number, the place in the code; empty where the number was computed. */
    List<Optional<LiteralSite>> sites() {
        return sites;
    }
}
