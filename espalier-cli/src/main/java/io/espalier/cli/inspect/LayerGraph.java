package io.espalier.cli.inspect;

import io.espalier.runtime.PlainOperators;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network as people draw it: inputs, layers, the places where branches join, outputs. Operators in between, such as
 * activations and views, are part of the line that runs through them.
 *
 * @param nodes in dataflow order; edges are pairs of their indices
 */
public record LayerGraph(List<Node> nodes, Set<Edge> edges) {
    /**
     * A node.
     *
     * @param name of the layer, input or operator
     * @param op plain name of the operator, or {@code input} or {@code output}
     * @param weight what a layer multiplies by; empty for other nodes
     */
    public record Node(Kind kind, String name, String op, Optional<Parameter> weight) {}

    /** What a node stands for. */
    public enum Kind {
        INPUT,
        LAYER,
        JOIN,
        OUTPUT
    }

    /** From one node to a later one. */
    public record Edge(int from, int to) implements Comparable<Edge> {
        @Override
        public int compareTo(Edge other) {
            return to != other.to ? Integer.compare(to, other.to) : Integer.compare(from, other.from);
        }
    }

    /** Draws a graph; {@code layers} names what counts as one: an archive also stores numbers that no layer owns. */
    public static LayerGraph of(Graph graph, Set<String> layers) {
        Builder builder = new Builder(layers);
        graph.inputs()
                .forEach(input -> builder.add(new Node(Kind.INPUT, input.name(), "input", Optional.empty()), input));
        graph.operators().forEach(builder::follow);
        builder.returned(graph.outputs());
        return new LayerGraph(List.copyOf(builder.nodes), builder.edges);
    }

    private static final class Builder {
        private final Set<String> layers;
        private final List<Node> nodes = new ArrayList<>();
        private final Set<Edge> edges = new TreeSet<>();
        /** Nodes that a value comes from without another in between. */
        private final Map<Value, Set<Integer>> sources = new HashMap<>();

        Builder(Set<String> layers) {
            this.layers = layers;
        }

        void add(Node node, Value value) {
            nodes.add(node);
            sources.put(value, Set.of(nodes.size() - 1));
        }

        void follow(Operator operator) {
            Set<Integer> from = new TreeSet<>();
            operator.arguments().forEach(argument -> collect(argument, from));
            operator.named().values().forEach(argument -> collect(argument, from));
            Optional<Parameter> weight = weight(operator);
            Set<Integer> here = from;
            if (weight.isPresent() && !from.isEmpty()) {
                here = node(new Node(Kind.LAYER, weight.get().layer(), PlainOperators.plain(operator), weight), from);
            } else if (from.size() > 1) {
                String name = PlainOperators.plain(operator);
                here = node(new Node(Kind.JOIN, name, name, Optional.empty()), from);
            }
            for (Value output : operator.outputs()) {
                sources.put(output, here);
            }
        }

        void returned(Argument outputs) {
            Map<String, Argument> named = new LinkedHashMap<>();
            if (outputs instanceof Argument.Sequence sequence) {
                for (int i = 0; i < sequence.items().size(); i++) {
                    named.put("output_" + i, sequence.items().get(i));
                }
            } else {
                named.put("output_0", outputs);
            }
            named.forEach((name, output) -> {
                Set<Integer> from = new TreeSet<>();
                collect(output, from);
                node(new Node(Kind.OUTPUT, name, "output", Optional.empty()), from);
            });
        }

        private Set<Integer> node(Node node, Collection<Integer> from) {
            nodes.add(node);
            int index = nodes.size() - 1;
            from.forEach(source -> edges.add(new Edge(source, index)));
            return Set.of(index);
        }

        /** Sizes and other numbers are no flow of data: a view that reads the batch size joins nothing. */
        private void collect(Argument argument, Set<Integer> from) {
            if (argument instanceof Argument.Sequence sequence) {
                sequence.items().forEach(item -> collect(item, from));
            } else if (argument instanceof Argument.Ref ref && ref.value().type() != Value.Type.SCALAR) {
                from.addAll(sources.getOrDefault(ref.value(), Set.of()));
            }
        }

        private Optional<Parameter> weight(Operator operator) {
            return operator.arguments().stream()
                    .filter(Argument.Stored.class::isInstance)
                    .map(argument -> ((Argument.Stored) argument).parameter())
                    .filter(parameter ->
                            parameter.role() != Parameter.Role.BUFFER && layers.contains(parameter.layer()))
                    .findFirst();
        }
    }
}
