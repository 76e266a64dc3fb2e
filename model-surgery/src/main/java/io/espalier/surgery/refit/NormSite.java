package io.espalier.surgery.refit;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Readers;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.stage.Tap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A batch norm with fixed statistics: {@code scale (x - mean) / sqrt(variance + epsilon) + shift}.
 *
 * @param rank dimensions of its input, the second of which is that of the channels
 */
public record NormSite(
        Operator operator,
        Value input,
        int rank,
        Optional<Parameter> scale,
        Optional<Parameter> shift,
        Parameter mean,
        Parameter variance,
        double epsilon) {
    /** By name of their variance, in order of execution; of norms that share statistics, none. */
    public static Map<String, NormSite> of(Graph graph, List<long[]> shapes) {
        Readers readers = new Readers(graph);
        Map<String, NormSite> sites = new LinkedHashMap<>();
        for (Operator operator : graph.operators()) {
            if (operator.name().equals("batch_norm")) {
                site(operator, shapes)
                        .filter(site -> readers.only(site.mean()).isPresent())
                        .filter(site -> readers.only(site.variance()).isPresent())
                        .ifPresent(site -> sites.put(site.variance().name(), site));
            }
        }
        return sites;
    }

    private static Optional<NormSite> site(Operator operator, List<long[]> shapes) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<Parameter> mean = Arguments.stored(operator.argument(3));
        Optional<Parameter> variance = Arguments.stored(operator.argument(4));
        boolean fixed = Arguments.is(operator.argument(5), false);
        boolean known =
                Arguments.isStoredOrNone(operator.argument(1)) && Arguments.isStoredOrNone(operator.argument(2));
        Optional<Double> epsilon = operator.argument(7) instanceof Argument.Literal literal
                ? literal.constant().filter(Double.class::isInstance).map(Double.class::cast)
                : Optional.empty();
        if (input.isEmpty() || mean.isEmpty() || variance.isEmpty() || epsilon.isEmpty() || !fixed || !known) {
            return Optional.empty();
        }
        return Optional.of(new NormSite(
                operator,
                input.get(),
                shapes.get(input.get().tensor()).length,
                Arguments.stored(operator.argument(1)),
                Arguments.stored(operator.argument(2)),
                mean.get(),
                variance.get(),
                epsilon.get()));
    }

    /** What it reads at these positions: [batch, channels, positions]. */
    public Tap read(long[] positions) {
        return tap(input, operator.index(), positions);
    }

    /** What it gives there. */
    public Tap computed(long[] positions) {
        return tap(operator.outputs().get(0), operator.index() + 1, positions);
    }

    private Tap tap(Value value, int at, long[] positions) {
        return new Tap(value, at, rank, 1, new long[0], rank == 2 ? new long[0] : positions);
    }
}
