package io.espalier.surgery.cost;

import io.espalier.surgery.CostTerm;
import io.espalier.surgery.Extent;
import io.espalier.surgery.Layer;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes parameters and multiply-accumulates as terms over what is kept of each coupling group. */
public final class CostCounter {
    private final Graph graph;
    private final List<long[]> shapes;
    private final Coupling coupling;
    private final List<CostTerm> paramTerms = new ArrayList<>();
    private final List<CostTerm> macTerms = new ArrayList<>();
    private final Map<String, String> opOfLayer = new LinkedHashMap<>();
    private final Map<String, Integer> unitsOfGroup = new HashMap<>();
    private final Set<Parameter> counted = new HashSet<>();

    public CostCounter(Graph graph, List<long[]> shapes, Coupling coupling) {
        this.graph = graph;
        this.shapes = shapes;
        this.coupling = coupling;
        coupling.groups().forEach(group -> unitsOfGroup.put(group.id(), group.units()));
        graph.operators().forEach(this::count);
        for (Parameter parameter : graph.parameters()) {
            if (parameter.role() == Parameter.Role.PARAMETER && !counted.contains(parameter)) {
                opOfLayer.putIfAbsent(parameter.layer(), "unused");
                addParameter(parameter, parameter.layer());
            }
        }
    }

    public List<CostTerm> paramTerms() {
        return paramTerms;
    }

    public List<CostTerm> macTerms() {
        return macTerms;
    }

    /** Layers in execution order, with their totals when nothing is cut. */
    public List<Layer> layers(Map<String, Integer> all) {
        Map<String, Long> params = totals(paramTerms, all);
        Map<String, Long> macs = totals(macTerms, all);
        return opOfLayer.entrySet().stream()
                .map(e -> new Layer(
                        e.getKey(),
                        e.getValue(),
                        params.getOrDefault(e.getKey(), 0L),
                        macs.getOrDefault(e.getKey(), 0L)))
                .toList();
    }

    private static Map<String, Long> totals(List<CostTerm> terms, Map<String, Integer> all) {
        Map<String, Long> totals = new HashMap<>();
        terms.forEach(term -> totals.merge(term.layer(), term.count(all), Math::addExact));
        return totals;
    }

    private void count(Operator operator) {
        List<Parameter> stored = operator.arguments().stream()
                .filter(Argument.Stored.class::isInstance)
                .map(argument -> ((Argument.Stored) argument).parameter())
                .filter(this::isParameter)
                .toList();
        String layer = stored.isEmpty() ? operator.modulePath() : stored.get(0).layer();
        if (!stored.isEmpty()) {
            opOfLayer.putIfAbsent(layer, operator.name());
        }
        for (Parameter parameter : stored) {
            addParameter(parameter, layer);
        }
        switch (operator.name().replaceAll("[123]d$", "")) {
            case "_convolution", "conv", "_convolution_mode", "conv_transpose" -> convolution(operator, layer);
            case "linear", "matmul", "mm", "bmm" -> product(operator, 0, 1, layer);
            case "addmm", "baddbmm" -> product(operator, 1, 2, layer);
            default -> {}
        }
    }

    /** A frozen archive does not say what was a parameter: there it is told by use. */
    private boolean isParameter(Parameter parameter) {
        return parameter.role() == Parameter.Role.PARAMETER
                || (parameter.role() == Parameter.Role.CONSTANT
                        && coupling.weights().contains(parameter));
    }

    private void addParameter(Parameter parameter, String layer) {
        if (!counted.add(parameter)) {
            return;
        }
        paramTerms.add(term(layer, 1, parameter, parameter.shape().length));
    }

    /** {@code scale * product of the first dims of a parameter}, with what is never cut folded into the scale. */
    private CostTerm term(String layer, long scale, Parameter parameter, int dims) {
        List<Extent> extents = new ArrayList<>();
        long fixed = scale;
        for (int d = 0; d < dims; d++) {
            Extent extent = extent(parameter, d);
            if (extent.perUnit().isEmpty()) {
                fixed = Math.multiplyExact(fixed, extent.fixed());
            } else {
                extents.add(extent);
            }
        }
        return new CostTerm(layer, fixed, extents);
    }

    private Extent extent(Parameter parameter, int dim) {
        Map<String, Integer> indices = new LinkedHashMap<>();
        long fixed = 0;
        for (UnitIndex unit : coupling.unitsOf(new ParameterDim(parameter, dim))) {
            if (unit == null) {
                fixed++;
            } else {
                indices.merge(unit.group(), 1, Integer::sum);
            }
        }
        indices.replaceAll((group, count) -> count / unitsOfGroup.get(group));
        return new Extent(fixed, indices);
    }

    /** Kernel size times positions times filters times the channels that each reads, per sample. */
    private void convolution(Operator operator, String layer) {
        if (!(operator.argument(1) instanceof Argument.Stored stored)
                || !(operator.argument(0) instanceof Argument.Ref)) {
            return;
        }
        long[] weight = stored.parameter().shape();
        boolean transposed = operator.name().startsWith("conv_transpose")
                || (operator.name().equals("_convolution")
                        && operator.argument(6) instanceof Argument.Literal literal
                        && literal.constant().equals(Optional.of(true)));
        Value at = transposed
                ? ((Argument.Ref) operator.argument(0)).value()
                : operator.outputs().get(0);
        long kernel = Arrays.stream(weight).skip(2).reduce(1, Math::multiplyExact);
        long positions = perSample(elements(at) / weight[0]);
        opOfLayer.putIfAbsent(layer, operator.name());
        macTerms.add(term(layer, Math.multiplyExact(kernel, positions), stored.parameter(), 2));
    }

    private void product(Operator operator, int left, int right, String layer) {
        if (operator.outputs().isEmpty()) {
            return;
        }
        long results = elements(operator.outputs().get(0));
        Optional<Parameter> turned = coupling.transposed(operator.argument(right));
        if (turned.isPresent()) {
            // Its layer has been named after the transposition, which says less.
            opOfLayer.put(turned.get().layer(), operator.name());
            boolean outputsFirst = !operator.name().equals("linear");
            addProduct(turned.get(), outputsFirst, results, turned.get().layer());
            return;
        }
        String name = layer.isEmpty() ? operator.name() : layer;
        opOfLayer.putIfAbsent(name, operator.name());
        if (operator.argument(right) instanceof Argument.Stored stored
                && stored.parameter().shape().length == 2) {
            addProduct(stored.parameter(), operator.name().equals("linear"), results, name);
        } else if (operator.argument(left) instanceof Argument.Ref ref
                && ref.value().tensor() >= 0) {
            long[] shape = shapes.get(ref.value().tensor());
            macTerms.add(new CostTerm(name, perSample(results * shape[shape.length - 1]), List.of()));
        }
    }

    private void addProduct(Parameter weight, boolean outputsFirst, long results, String layer) {
        long out = weight.shape()[outputsFirst ? 0 : 1];
        macTerms.add(term(layer, perSample(results / out), weight, 2));
    }

    private long elements(Value value) {
        return Arrays.stream(shapes.get(value.tensor())).reduce(1, Math::multiplyExact);
    }

    private long perSample(long count) {
        long batch = graph.inputs().isEmpty() ? 1 : shapes.get(0)[0];
        return batch > 0 && count % batch == 0 ? count / batch : count;
    }
}
