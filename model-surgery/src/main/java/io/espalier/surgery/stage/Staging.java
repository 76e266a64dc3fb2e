package io.espalier.surgery.stage;

import io.espalier.surgery.graph.Aliases;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Cuts a network into stages at places between two operators, each named by the index of the operator behind it. */
public final class Staging {
    private final Graph graph;
    private final Aliases aliases;
    private final Set<Parameter> given;
    private final int end;

    /** {@code given}: stored tensors that every stage takes from outside. */
    public Staging(Graph graph, Set<Parameter> given) {
        this.graph = graph;
        this.aliases = new Aliases(graph);
        this.given = Set.copyOf(given);
        this.end = graph.operators().size();
    }

    /** The whole network, with taps. */
    public Stage whole(String name, List<Tap> taps) {
        return stage(name, 0, end, taps, List.of(), true);
    }

    /** From a place where {@code taps} can be reached, to the last of them; nothing else is run. */
    public Stage look(String name, int from, List<Tap> taps) {
        int to = taps.stream().mapToInt(Tap::at).max().orElse(from);
        return stage(name, from, to, taps, List.of(), false);
    }

    /** From one place to another, giving back {@code results}. */
    public Stage advance(String name, int from, int to, List<Value> results) {
        return stage(name, from, to, List.of(), results, false);
    }

    /**
     * What must be kept at a place to reach the network's outputs and {@code taps} from there; empty where going on with
     * copies of it would not be the same, or where some of it is no tensor.
     */
    public Optional<List<Value>> keepable(int place, List<Tap> taps) {
        List<Value> live = Slice.of(graph, aliases, place, end, outputs(), taps).inputs();
        Set<Object> memory = new HashSet<>();
        for (Value value : live) {
            boolean shared = !memory.add(aliases.memory(value));
            if (value.type() != Value.Type.TENSOR || (shared && isWritten(aliases.memory(value), place))) {
                return Optional.empty();
            }
        }
        return Optional.of(live);
    }

    private boolean isWritten(Object memory, int from) {
        return graph.operators().subList(from, end).stream()
                .filter(Operator::isInPlace)
                .anyMatch(operator -> aliases.memory(operator.argument(0))
                        .filter(memory::equals)
                        .isPresent());
    }

    private List<Value> outputs() {
        List<Value> values = new ArrayList<>();
        Arguments.flat(graph.outputs()).forEach(argument -> {
            if (argument instanceof Argument.Ref ref) {
                values.add(ref.value());
            }
        });
        return values;
    }

    private Stage stage(String name, int from, int to, List<Tap> taps, List<Value> results, boolean outputs) {
        List<Value> wanted = new ArrayList<>(results);
        if (outputs) {
            wanted.addAll(outputs());
        }
        Slice slice = Slice.of(graph, aliases, from, to, wanted, taps);
        Set<Parameter> read = new LinkedHashSet<>();
        for (Operator operator : slice.operators()) {
            Arguments.all(operator).flatMap(a -> Arguments.stored(a).stream()).forEach(read::add);
        }
        return new Stage(
                name,
                from == 0 ? graph.inputs() : slice.inputs(),
                read.stream().filter(given::contains).toList(),
                slice.operators(),
                taps,
                results,
                outputs);
    }
}
