package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the stored vector that shifts each output of a layer, and nothing else. */
final class Sinks {
    private final Map<Object, List<Operator>> readers = new HashMap<>();
    private final Overwritten overwritten;
    private final List<long[]> shapes;

    /** {@code sign}: of what is added to the vector for what is added to the output. */
    record Sink(Parameter vector, int sign) {}

    Sinks(Graph graph, List<long[]> shapes, Overwritten overwritten) {
        this.shapes = shapes;
        this.overwritten = overwritten;
        for (Operator operator : graph.operators()) {
            Calls.all(operator).forEach(argument -> note(argument, operator));
        }
        Calls.flat(graph.outputs()).forEach(argument -> note(argument, null));
    }

    private void note(Argument argument, Operator reader) {
        if (argument instanceof Argument.Ref ref) {
            readers.computeIfAbsent(ref.value(), v -> new ArrayList<>()).add(reader);
        } else if (argument instanceof Argument.Stored stored) {
            readers.computeIfAbsent(stored.parameter(), p -> new ArrayList<>()).add(reader);
        }
    }

    /** {@code outputs}: how many the layer has. Empty when there is no such vector. */
    Optional<Sink> of(Operator layer, int outputs) {
        Argument bias = switch (layer.name()) {
            case "linear" -> layer.argument(2);
            case "addmm" -> layer.argument(0);
            case "matmul", "mm" -> null;
            default -> Convolution.is(layer) ? layer.argument(2) : null;
        };
        if (bias != null && !Calls.isNone(bias)) {
            return sink(bias, 1, outputs);
        }
        return onlyReader(layer.outputs().get(0)).flatMap(next -> behind(layer, next, outputs));
    }

    private Optional<Sink> behind(Operator layer, Operator next, int outputs) {
        Value value = layer.outputs().get(0);
        boolean first = next.argument(0).equals(new Argument.Ref(value));
        int rank = shapes.get(value.tensor()).length;
        boolean channels = Convolution.is(layer) ? rank > 2 : rank == 2;
        if (next.name().equals("batch_norm") && first && channels && Calls.is(next.argument(5), false)) {
            return sink(next.argument(3), -1, outputs);
        }
        boolean plain = next.named().isEmpty()
                && (next.arguments().size() == 2 || (next.arguments().size() == 3 && Calls.is(next.argument(2), 1L)));
        boolean last = !Convolution.is(layer);
        if (Calls.name(next).equals("add") && plain && last) {
            return sink(next.argument(first ? 1 : 0), 1, outputs);
        }
        return Optional.empty();
    }

    private Optional<Sink> sink(Argument vector, int sign, int outputs) {
        return Calls.stored(vector)
                .filter(p -> p.shape().length == 1 && p.shape()[0] == outputs && StoredNumbers.isReal(p))
                .filter(p -> !p.overlaps() && !overwritten.contains(p))
                .filter(p -> readers.get(p).size() == 1)
                .map(p -> new Sink(p, sign));
    }

    private Optional<Operator> onlyReader(Value value) {
        List<Operator> all = readers.getOrDefault(value, List.of());
        return Stream.ofNullable(all.size() == 1 ? all.get(0) : null).findFirst();
    }
}
