package io.espalier.cli.inspect;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.graph.Graph;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a network in Graphviz's language (https://graphviz.org/doc/info/lang.html): layers in dataflow order, one colour
 * for each coupling group, protected layers grey with the reason as their tooltip.
 */
public final class DotWriter {
    private static final String GREY = "gray75";
    private static final String PLAIN = "white";

    private final ModelDescriptor model;
    private final UnitColours units;
    private final Map<String, ModelDescriptor.Layer> layers = new HashMap<>();

    public DotWriter(ModelDescriptor model) {
        this.model = model;
        this.units = new UnitColours(model);
        model.layers().forEach(layer -> layers.put(layer.name(), layer));
    }

    /** Prints the graph; {@code network} is the described model's own. */
    public void write(Graph network, PrintWriter out) {
        LayerGraph graph = LayerGraph.of(network, layers.keySet());
        out.println("digraph " + quoted(model.model()) + " {");
        out.println("  node [shape=box, style=filled, fillcolor=" + PLAIN + ", fontname=\"Helvetica\", fontsize=10];");
        out.println("  edge [arrowsize=0.6];");
        List<LayerGraph.Node> nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            out.println("  n" + i + " [" + attributes(nodes.get(i)) + "];");
        }
        graph.edges().forEach(edge -> out.println("  n" + edge.from() + " -> n" + edge.to() + ";"));
        out.println("}");
    }

    private String attributes(LayerGraph.Node node) {
        return switch (node.kind()) {
            case INPUT, OUTPUT -> "shape=ellipse, label=" + quoted(node.name());
            case JOIN -> "shape=circle, margin=0.02, label=" + quoted(node.op());
            case LAYER -> layer(node);
        };
    }

    private String layer(LayerGraph.Node node) {
        StringBuilder label = new StringBuilder(node.name()).append('\n').append(node.op());
        ModelDescriptor.Layer layer = layers.get(node.name());
        if (layer != null) {
            label.append('\n').append(abbreviated(layer.params())).append(" params");
            if (layer.macs() > 0) {
                label.append(", ").append(abbreviated(layer.macs())).append(" MACs");
            }
        }
        return node.weight()
                .flatMap(weight -> units.group(weight, node.op()))
                .map(group -> coloured(label, units.colour(group), "group " + group))
                .or(() -> node.weight()
                        .flatMap(units::protection)
                        .map(reason -> coloured(label, GREY, "protected: " + reason)))
                .orElseGet(() -> coloured(label, PLAIN, node.name()));
    }

    private static String coloured(StringBuilder label, String colour, String tooltip) {
        return "fillcolor=" + quoted(colour) + ", label=" + quoted(label.toString()) + ", tooltip=" + quoted(tooltip);
    }

    /** 1234567 as 1.23M: a picture has no room for more. */
    private static String abbreviated(long count) {
        if (count < 1000) {
            return Long.toString(count);
        }
        int power = 0;
        double value = count;
        while (value >= 999.5 && power < 4) {
            value /= 1000;
            power++;
        }
        return String.format(
                Locale.ROOT,
                value < 10 ? "%.2f%s" : value < 100 ? "%.1f%s" : "%.0f%s",
                value,
                "kMGT".charAt(power - 1));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
