package io.espalier.surgery.stage;

import io.espalier.surgery.graph.Aliases;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The operators of a range that are needed for some values, and what they read from before the range. Found backwards: an
 * operator is needed when what it defines is, or when it overwrites memory that something needed may share.
 */
final class Slice {
    private final Aliases aliases;
    private final Set<Value> wanted = new LinkedHashSet<>();
    private final Set<Object> memory = new LinkedHashSet<>();
    private final List<Operator> operators = new ArrayList<>();

    private Slice(Aliases aliases) {
        this.aliases = aliases;
    }

    /** {@code from}, {@code to}: operators by index, the last one excluded; {@code atEnd}: values wanted behind the range. */
    static Slice of(Graph graph, Aliases aliases, int from, int to, Collection<Value> atEnd, Collection<Tap> taps) {
        Slice slice = new Slice(aliases);
        atEnd.forEach(slice::want);
        for (int i = to; i >= from; i--) {
            int index = i;
            taps.stream().filter(tap -> tap.at() == index).forEach(tap -> slice.want(tap.value()));
            if (i > from) {
                slice.consider(graph.operators().get(i - 1));
            }
        }
        Collections.reverse(slice.operators);
        Set<Value> defined = new LinkedHashSet<>();
        slice.operators.forEach(operator -> defined.addAll(operator.outputs()));
        slice.wanted.removeAll(defined);
        return slice;
    }

    private void want(Value value) {
        wanted.add(value);
        memory.add(aliases.memory(value));
    }

    private void consider(Operator operator) {
        boolean defines = operator.outputs().stream().anyMatch(wanted::contains);
        boolean overwrites = operator.isInPlace()
                && aliases.memory(operator.argument(0)).filter(memory::contains).isPresent();
        // An operator without outputs is there for what it does: a check, or an entry added to a list.
        if (defines || overwrites || operator.outputs().isEmpty()) {
            operators.add(operator);
            Arguments.all(operator).forEach(this::read);
        }
    }

    private void read(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            want(ref.value());
        } else if (argument instanceof Argument.Scaled scaled) {
            read(scaled.number());
        }
    }

    /** In order of execution. */
    List<Operator> operators() {
        return operators;
    }

    /** What they read, or what is wanted, from before the range, in order of definition. */
    List<Value> inputs() {
        return wanted.stream().sorted((a, b) -> Integer.compare(a.id(), b.id())).toList();
    }
}
