package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.stage.Stage;
import io.espalier.surgery.stage.Tap;
import io.espalier.surgery.torchscript.MethodPrinter.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Prints the methods that are added to a model's top class. */
final class AddedMethod {
    static final String PROFILED = "forward_profiled";
    static final String SAMPLED = "forward_sampled";
    static final String RESOLVED = "forward_resolved";
    static final List<String> ALL = List.of(PROFILED, SAMPLED, RESOLVED);

    private AddedMethod() {}

    /** Returns the shape of every tensor value as an int64 vector. */
    static String profiled(InlinedMethod inlined, ParameterTable parameters) {
        return profiled(inlined, parameters, v -> "torch._shape_as_tensor(" + v + ")");
    }

    /** The same with PyTorch's number of the element type behind the sizes, as far as the graph goes. */
    static String probing(InlinedMethod inlined, ParameterTable parameters) {
        return profiled(
                inlined,
                parameters,
                v -> "torch.cat([torch._shape_as_tensor(" + v + "), torch.tensor([ops.prim.dtype(" + v + ")])])");
    }

    /** What forward was resolved to. */
    static String resolved(InlinedMethod inlined, ParameterTable parameters) {
        MethodPrinter printer = new MethodPrinter(inlined, parameters);
        return printer.print(printer.whole(RESOLVED, Map.of(), inlined.method().returns(), output -> output));
    }

    private static String profiled(
            InlinedMethod inlined, ParameterTable parameters, UnaryOperator<String> description) {
        Graph graph = inlined.graph();
        Map<Integer, List<String>> extra = new HashMap<>();
        List<String> shapes = new ArrayList<>();
        for (Value input : graph.inputs()) {
            describe(input, 0, description, extra, shapes);
        }
        for (Operator operator : graph.operators()) {
            operator.outputs().stream()
                    .filter(value -> value.type() == Value.Type.TENSOR)
                    .forEach(value -> describe(value, operator.index() + 1, description, extra, shapes));
        }
        MethodPrinter printer = new MethodPrinter(inlined, parameters);
        return printer.print(
                printer.whole(PROFILED, extra, "List[Tensor]", output -> "[" + String.join(", ", shapes) + "]"));
    }

    private static void describe(
            Value value,
            int place,
            UnaryOperator<String> description,
            Map<Integer, List<String>> extra,
            List<String> shapes) {
        String shape = "s" + value.id();
        shapes.add(shape);
        extra.computeIfAbsent(place, p -> new ArrayList<>())
                .add(shape + " = " + description.apply(MethodPrinter.variable(value)));
    }

    /** Returns what forward returns and the tapped tensors. */
    static String sampled(InlinedMethod inlined, ParameterTable parameters, List<Tap> taps) {
        Graph graph = inlined.graph();
        Stage whole = new Stage(SAMPLED, graph.inputs(), List.of(), graph.operators(), taps, List.of(), true);
        return stage(inlined, parameters, whole);
    }

    /** Returns what the stage gives back. */
    static String stage(InlinedMethod inlined, ParameterTable parameters, Stage stage) {
        Map<Integer, List<String>> extra = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (Tap tap : stage.taps()) {
            String name = "c" + names.size();
            names.add(name);
            extra.computeIfAbsent(tap.at(), p -> new ArrayList<>()).add(TapPrinter.statement(tap, name));
        }
        stage.results().forEach(value -> names.add(MethodPrinter.variable(value)));
        String list = names.isEmpty() ? "annotate(List[Tensor], [])" : "[" + String.join(", ", names) + "]";
        String returns = stage.outputs() ? "Tuple[" + inlined.method().returns() + ", List[Tensor]]" : "List[Tensor]";
        return new MethodPrinter(inlined, parameters)
                .print(new Method(
                        stage.name(),
                        stage.inputs(),
                        stage.given(),
                        stage.operators(),
                        extra,
                        returns,
                        output -> stage.outputs() ? "(" + output + ", " + list + ")" : list));
    }
}
