package io.espalier.runtime;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Operators as users know them: tracing writes every convolution as {@code _convolution}, whose rank is its weight's, and
 * an operator that works in place with an underscore at its end.
 */
public final class PlainOperators {
    private final Map<String, String> convolutions = new HashMap<>();

    public PlainOperators(Graph graph) {
        for (Operator operator : graph.operators()) {
            if (operator.argument(1) instanceof Argument.Stored weight) {
                convolution(operator).ifPresent(name -> {
                    convolutions.putIfAbsent(weight.parameter().layer(), name);
                    convolutions.putIfAbsent(operator.place(), name);
                });
            }
        }
    }

    /** The plain name of an operator of the graph. */
    public static String plain(Operator operator) {
        return convolution(operator).orElseGet(() -> withoutMark(operator.name()));
    }

    /**
     * The plain name of an operator.
     *
     * @param layerOrPlace the layer that it belongs to, or its place in the archive
     */
    public String plain(String name, String layerOrPlace) {
        return name.startsWith("_convolution")
                ? convolutions.getOrDefault(layerOrPlace, "convolution")
                : withoutMark(name);
    }

    private static String withoutMark(String name) {
        return name.endsWith("_") && !name.startsWith("_") ? name.substring(0, name.length() - 1) : name;
    }

    private static Optional<String> convolution(Operator operator) {
        if (!operator.name().startsWith("_convolution") || !(operator.argument(1) instanceof Argument.Stored weight)) {
            return Optional.empty();
        }
        boolean transposed = operator.name().equals("_convolution")
                && operator.argument(6) instanceof Argument.Literal literal
                && literal.constant().filter(Boolean.TRUE::equals).isPresent();
        return Optional.of(
                (transposed ? "conv_transpose" : "conv") + (weight.parameter().shape().length - 2) + "d");
    }
}
