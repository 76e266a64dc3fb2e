package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.torchscript.source.ClassDefinition;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The method {@code forward} of the top module with all calls inlined.
 *
 * @param type the top module's class
 * @param sites by site number, the place in the code that a literal was written at; empty where it was computed
 * @param tensors what is known of the tensors in the order in which they were met
 * @param order for each tensor of the graph, which of those it is
 * @param flat whether something was resolved that straight-line code does not have: then forward can only be changed by
 *     writing it anew
 * @param stopped where and why inlining stopped before the end; empty when it did not
 */
record InlinedMethod(
        Graph graph,
        ClassDefinition type,
        MethodDefinition method,
        List<Optional<LiteralSite>> sites,
        List<Recording.Entry> tensors,
        List<Integer> order,
        boolean flat,
        Optional<String> stopped) {
    static InlinedMethod of(
            Graph graph,
            ClassDefinition type,
            MethodDefinition method,
            List<Optional<LiteralSite>> sites,
            List<Recording.Entry> tensors,
            boolean flat,
            Optional<String> stopped) {
        if (flat) {
            GraphCleaner.Cleaned cleaned = GraphCleaner.clean(graph);
            return new InlinedMethod(cleaned.graph(), type, method, sites, tensors, cleaned.order(), true, stopped);
        }
        List<Integer> order = IntStream.range(0, tensors.size()).boxed().toList();
        return new InlinedMethod(graph, type, method, sites, tensors, order, false, stopped);
    }

    /** The same with other numbers in place of some arguments, and without those that nothing needs any more. */
    InlinedMethod edited(List<ArgumentEdit> edits) {
        return new InlinedMethod(
                GraphCleaner.clean(graph.edited(edits)).graph(), type, method, sites, tensors, order, flat, stopped);
    }

    /** What a run has shown: a fact per tensor of the graph, in its order. */
    Recording recorded(List<TensorFact> facts) {
        List<Recording.Entry> entries = new ArrayList<>(tensors);
        for (int i = 0; i < order.size(); i++) {
            int at = order.get(i);
            entries.set(at, new Recording.Entry(tensors.get(at).origin(), facts.get(i)));
        }
        return new Recording(entries);
    }
}
