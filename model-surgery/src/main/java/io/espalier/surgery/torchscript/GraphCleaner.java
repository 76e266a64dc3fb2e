package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tidies a graph that was resolved from control flow: numbers and texts that only decided conditions go, and a list of
 * tensors that is taken apart at once is taken apart where it is made. Tensors stay as they are.
 */
final class GraphCleaner {
    private static final String UNPACK = "prim.unpack";

    private final Graph graph;
    private final Map<Value, Integer> uses = new HashMap<>();
    private final Map<Value, Operator> unpacked = new HashMap<>();
    private final Map<Value, Value> renamed = new HashMap<>();
    private final List<Value> values = new ArrayList<>();
    private int tensors;

    private GraphCleaner(Graph graph) {
        this.graph = graph;
    }

    /** {@code order}: for each tensor of the new graph, which of the old one it is. */
    record Cleaned(Graph graph, List<Integer> order) {}

    static Cleaned clean(Graph graph) {
        return new GraphCleaner(graph).run();
    }

    private Cleaned run() {
        List<Operator> kept = needed();
        Set<Operator> merged = merge(kept);
        List<Value> inputs = graph.inputs().stream().map(this::defined).toList();
        List<Operator> operators = new ArrayList<>();
        for (Operator operator : kept) {
            if (!merged.contains(operator)) {
                operators.add(rebuilt(operator, operators.size()));
            }
        }
        Graph cleaned = new Graph(inputs, values, operators, replaced(graph.outputs()), graph.parameters());
        List<Integer> order = new ArrayList<>();
        Map<Value, Value> old = new HashMap<>();
        renamed.forEach((before, after) -> old.put(after, before));
        cleaned.tensors().forEach(value -> order.add(old.get(value).tensor()));
        return new Cleaned(cleaned, order);
    }

    /** In order, the operators that make tensors, change something, or are needed by such. */
    private List<Operator> needed() {
        count(graph.outputs());
        List<Operator> kept = new ArrayList<>();
        for (int i = graph.operators().size() - 1; i >= 0; i--) {
            Operator operator = graph.operators().get(i);
            boolean changes = operator.outputs().isEmpty() || operator.isInPlace();
            boolean tensor = operator.outputs().stream()
                    .anyMatch(v -> v.type() == Value.Type.TENSOR || v.type() == Value.Type.TENSOR_LIST);
            if (changes || tensor || operator.outputs().stream().anyMatch(uses::containsKey)) {
                operator.arguments().forEach(this::count);
                operator.named().values().forEach(this::count);
                kept.add(operator);
            }
        }
        Collections.reverse(kept);
        return kept;
    }

    private void count(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            uses.merge(ref.value(), 1, Integer::sum);
        } else if (argument instanceof Argument.Sequence sequence) {
            sequence.items().forEach(this::count);
        } else if (argument instanceof Argument.Scaled scaled) {
            count(scaled.number());
        }
    }

    /** Notes the lists that are taken apart, and nothing else; returns the operators that only do so. */
    private Set<Operator> merge(List<Operator> kept) {
        Set<Value> made = new HashSet<>();
        Set<Operator> merged = new HashSet<>();
        for (Operator operator : kept) {
            if (!operator.name().equals(UNPACK) && operator.outputs().size() == 1) {
                made.add(operator.outputs().get(0));
            }
            if (operator.name().equals(UNPACK)
                    && operator.argument(0) instanceof Argument.Ref list
                    && list.value().type() == Value.Type.TENSOR_LIST
                    && made.contains(list.value())
                    && uses.get(list.value()) == 1) {
                unpacked.put(list.value(), operator);
                merged.add(operator);
            }
        }
        return merged;
    }

    private Value defined(Value before) {
        boolean tensor = before.type() == Value.Type.TENSOR;
        boolean input = graph.inputs().contains(before);
        Value after = new Value(
                values.size(), tensor ? tensors++ : -1, input ? before.name() : "v" + values.size(), before.type());
        values.add(after);
        renamed.put(before, after);
        return after;
    }

    private Operator rebuilt(Operator operator, int index) {
        List<Argument> arguments =
                operator.arguments().stream().map(this::replaced).toList();
        Map<String, Argument> named = new LinkedHashMap<>();
        operator.named().forEach((key, argument) -> named.put(key, replaced(argument)));
        List<Value> outputs = operator.outputs();
        if (outputs.size() == 1 && unpacked.containsKey(outputs.get(0))) {
            outputs = unpacked.get(outputs.get(0)).outputs();
        }
        return new Operator(
                index,
                operator.name(),
                arguments,
                named,
                outputs.stream().map(this::defined).toList(),
                operator.modulePath(),
                operator.call(),
                operator.place());
    }

    private Argument replaced(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return new Argument.Ref(renamed.get(ref.value()));
        } else if (argument instanceof Argument.Sequence sequence) {
            return new Argument.Sequence(
                    sequence.items().stream().map(this::replaced).toList(),
                    sequence.tuple(),
                    sequence.type(),
                    sequence.keys());
        } else if (argument instanceof Argument.Scaled scaled) {
            return new Argument.Scaled(replaced(scaled.number()), scaled.times(), scaled.over());
        }
        return argument;
    }
}
