package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Convolution;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Readers;
import io.espalier.surgery.graph.Value;
import java.util.List;
import java.util.Optional;

/** Finds the stored vector that shifts each output of a layer, and nothing else. */
public final class Sinks {
    private final Readers readers;
    private final Overwritten overwritten;
    private final List<long[]> shapes;

    /** {@code sign}: of what is added to the vector for what is added to the output. */
    public record Sink(Parameter vector, int sign) {}

    Sinks(Graph graph, List<long[]> shapes, Overwritten overwritten) {
        this.shapes = shapes;
        this.overwritten = overwritten;
        this.readers = new Readers(graph);
    }

    /** {@code shapes}: of the graph's tensor values in order, of a recorded run. */
    public static Sinks of(Graph graph, List<long[]> shapes) {
        return new Sinks(graph, shapes, new Overwritten(graph));
    }

    /** {@code outputs}: how many the layer has. Empty when there is no such vector. */
    public Optional<Sink> of(Operator layer, int outputs) {
        Argument bias = switch (layer.name()) {
            case "linear" -> layer.argument(2);
            case "addmm" -> layer.argument(0);
            case "matmul", "mm" -> null;
            default -> Convolution.is(layer) ? layer.argument(2) : null;
        };
        if (bias != null && !Arguments.isNone(bias)) {
            return sink(bias, 1, outputs);
        }
        return readers.only(layer.outputs().get(0)).flatMap(next -> behind(layer, next, outputs));
    }

    private Optional<Sink> behind(Operator layer, Operator next, int outputs) {
        Value value = layer.outputs().get(0);
        boolean first = next.argument(0).equals(new Argument.Ref(value));
        int rank = shapes.get(value.tensor()).length;
        boolean channels = Convolution.is(layer) ? rank > 2 : rank == 2;
        if (next.name().equals("batch_norm") && first && channels && Arguments.is(next.argument(5), false)) {
            return sink(next.argument(3), -1, outputs);
        }
        boolean plain = next.named().isEmpty()
                && (next.arguments().size() == 2
                        || (next.arguments().size() == 3 && Arguments.is(next.argument(2), 1L)));
        boolean last = !Convolution.is(layer);
        if (next.plainName().equals("add") && plain && last) {
            return sink(next.argument(first ? 1 : 0), 1, outputs);
        }
        return Optional.empty();
    }

    private Optional<Sink> sink(Argument vector, int sign, int outputs) {
        return Arguments.stored(vector)
                .filter(p -> p.shape().length == 1
                        && p.shape()[0] == outputs
                        && p.type().isReal())
                .filter(p -> !p.overlaps() && !overwritten.contains(p))
                .filter(p -> readers.only(p).isPresent())
                .map(p -> new Sink(p, sign));
    }
}
