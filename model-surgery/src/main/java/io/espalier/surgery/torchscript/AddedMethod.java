package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
        return new MethodPrinter(inlined, parameters)
                .print(RESOLVED, inlined.method().returns(), Map.of(), output -> output);
    }

    private static String profiled(
            InlinedMethod inlined, ParameterTable parameters, UnaryOperator<String> description) {
        Graph graph = inlined.graph();
        Map<Value, Function<String, List<String>>> extra = new HashMap<>();
        List<String> shapes = new ArrayList<>();
        for (Value value : graph.tensors()) {
            String shape = "s" + value.id();
            shapes.add(shape);
            extra.put(value, v -> List.of(shape + " = " + description.apply(v)));
        }
        return new MethodPrinter(inlined, parameters)
                .print(PROFILED, "List[Tensor]", extra, output -> "[" + String.join(", ", shapes) + "]");
    }

    /** Returns what forward returns and the sampled tensors, float32, in the given order. */
    static String sampled(InlinedMethod inlined, ParameterTable parameters, List<SampledTensor> samples) {
        Map<Value, Function<String, List<String>>> extra = new HashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            SampledTensor sample = samples.get(i);
            String name = "c" + i;
            extra.merge(sample.value(), v -> statements(sample, v, name), (first, second) -> v -> {
                List<String> both = new ArrayList<>(first.apply(v));
                both.addAll(second.apply(v));
                return both;
            });
        }
        String list = samples.isEmpty()
                ? "annotate(List[Tensor], [])"
                : IntStream.range(0, samples.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", ", "[", "]"));
        String returns = "Tuple[" + inlined.method().returns() + ", List[Tensor]]";
        return new MethodPrinter(inlined, parameters)
                .print(SAMPLED, returns, extra, output -> "(" + output + ", " + list + ")");
    }

    private static List<String> statements(SampledTensor sample, String value, String name) {
        String moved = value;
        if (sample.unitDim() != 1) {
            List<Integer> order = new ArrayList<>(List.of(0, sample.unitDim()));
            IntStream.range(1, sample.rank()).filter(d -> d != sample.unitDim()).forEach(order::add);
            moved = "torch.permute(" + value + ", " + order + ")";
        }
        String flat = sample.rank() == 2 ? "torch.unsqueeze(" + moved + ", 2)" : "torch.flatten(" + moved + ", 2, -1)";
        // A copy in both cases, since an in-place operator may overwrite the value later.
        String picked = "torch.clone(" + flat + ")";
        if (sample.picked().length > 0) {
            picked = "torch.index_select(" + flat + ", 2, torch.tensor(" + Arrays.toString(sample.picked())
                    + ", dtype=4, device=ops.prim.device(" + value + "), requires_grad=False))";
        }
        return List.of(name + " = torch.to(" + picked + ", 6, False, False, None)");
    }
}
