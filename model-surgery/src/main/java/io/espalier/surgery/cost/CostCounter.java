package io.espalier.surgery.cost;

import io.espalier.surgery.CostTerm;
import io.espalier.surgery.Extent;
import io.espalier.surgery.Layer;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Equation;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes parameters and multiply-accumulates as terms over what is kept of each coupling group. */
public final class CostCounter {
    private static final Set<String> RECURRENT = Set.of("lstm", "gru", "rnn_tanh", "rnn_relu");
    private static final Set<String> FUSED = Stream.concat(
                    RECURRENT.stream(), Stream.of("_native_multi_head_attention", "_transformer_encoder_layer_fwd"))
            .collect(Collectors.toUnmodifiableSet());

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
        List<Parameter> stored = stored(operator.arguments())
                .map(Argument.Stored::parameter)
                .filter(this::isParameter)
                .toList();
        if (FUSED.contains(operator.name())) {
            fused(operator, stored);
            return;
        }
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
            case "scaled_dot_product_attention" -> attention(operator);
            case "einsum" -> equation(operator);
            default -> {}
        }
    }

    private static Stream<Argument.Stored> stored(List<Argument> arguments) {
        return arguments.stream()
                .flatMap(argument -> argument instanceof Argument.Sequence sequence
                        ? stored(sequence.items())
                        : argument instanceof Argument.Stored one ? Stream.of(one) : Stream.empty());
    }

    /** Operators that are whole layers: each of their matrices is multiplied with every row of the input. */
    private void fused(Operator operator, List<Parameter> stored) {
        if (!(operator.argument(0) instanceof Argument.Ref ref) || ref.value().tensor() < 0) {
            return;
        }
        long[] input = shapes.get(ref.value().tensor());
        long features = input[input.length - 1];
        long rows = perSample(elements(ref.value()) / Math.max(1, features));
        for (Parameter parameter : stored) {
            opOfLayer.putIfAbsent(parameter.layer(), operator.name());
            addParameter(parameter, parameter.layer());
            if (parameter.shape().length == 2) {
                macTerms.add(term(parameter.layer(), rows, parameter, 2));
            }
        }
        if (!RECURRENT.contains(operator.name()) && !stored.isEmpty()) {
            // Scores of every row with every other, and their product with the values.
            macTerms.add(new CostTerm(stored.get(0).layer(), 2 * rows * rows * features, List.of()));
        }
    }

    /** {@code scaled_dot_product_attention}: scores, and their product with the values. */
    private void attention(Operator operator) {
        if (!(operator.argument(0) instanceof Argument.Ref query)
                || !(operator.argument(1) instanceof Argument.Ref key)) {
            return;
        }
        String name = operator.modulePath().isEmpty() ? operator.name() : operator.modulePath();
        opOfLayer.putIfAbsent(name, operator.name());
        int tokens = shapes.get(key.value().tensor()).length - 2;
        long keys = shapes.get(key.value().tensor())[tokens];
        macTerms.add(term(name, keys, List.of(query.value())));
        macTerms.add(term(name, keys, List.of(operator.outputs().get(0))));
    }

    /** Of two tensors: every element of the result is a sum over the dimensions that only the two have. */
    private void equation(Operator operator) {
        Optional<Equation> equation = Equation.of(operator.argument(0));
        if (equation.isEmpty()
                || !(operator.argument(1) instanceof Argument.Sequence list)
                || list.items().size() != 2
                || !(list.items().get(0) instanceof Argument.Ref first)
                || first.value().tensor() < 0) {
            return;
        }
        String letters = equation.get().operands().get(0);
        long[] shape = shapes.get(first.value().tensor());
        long summed = 1;
        boolean sums = false;
        for (int d = 0; d < Math.min(shape.length, letters.length()); d++) {
            boolean both = equation.get().operands().get(1).indexOf(letters.charAt(d)) >= 0;
            if (both && equation.get().result().indexOf(letters.charAt(d)) < 0) {
                summed = Math.multiplyExact(summed, shape[d]);
                sums = true;
            }
        }
        if (sums) {
            String name = operator.modulePath().isEmpty() ? operator.name() : operator.modulePath();
            opOfLayer.putIfAbsent(name, operator.name());
            macTerms.add(term(name, summed, List.of(operator.outputs().get(0))));
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
        UnitIndex[] units = coupling.unitsOf(new ParameterDim(parameter, dim));
        int size = (int) parameter.shape()[dim];
        return extent(units, size == 0 ? 1 : units.length / size);
    }

    /**
     * {@code runs}: how often the dimension is listed, for as many groups of a convolution. Units of different blocks may
     * cover differently many indices; since equally many of each block go, their mean is exact.
     */
    private Extent extent(UnitIndex[] units, int runs) {
        Map<String, Integer> indices = new LinkedHashMap<>();
        long fixed = 0;
        for (UnitIndex unit : units) {
            if (unit == null) {
                fixed++;
            } else {
                indices.merge(unit.group(), 1, Integer::sum);
            }
        }
        if (indices.isEmpty()) {
            return new Extent(fixed / Math.max(1, runs), indices, 1);
        }
        int whole = 1;
        for (Map.Entry<String, Integer> entry : indices.entrySet()) {
            int of = unitsOfGroup.get(entry.getKey());
            int part = of / gcd(of, entry.getValue());
            whole = whole / gcd(whole, part) * part;
        }
        int factor = whole;
        indices.replaceAll((group, count) -> Math.toIntExact((long) count * factor / unitsOfGroup.get(group)));
        return new Extent(fixed * factor, indices, factor * runs);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** {@code scale} times the elements of some values, for one sample. */
    private CostTerm term(String layer, long scale, List<Value> values) {
        List<Extent> extents = new ArrayList<>();
        long fixed = scale;
        for (Value value : values) {
            long[] shape = shapes.get(value.tensor());
            Optional<Extent> cut = coupling.unitsOf(value)
                    .filter(along -> isEven(along.units()))
                    .map(along -> extent(along.units(), 1))
                    .filter(extent -> !extent.perUnit().isEmpty());
            cut.ifPresent(extents::add);
            int cutDim = cut.isPresent() ? coupling.unitsOf(value).orElseThrow().dim() : -1;
            for (int d = 0; d < shape.length; d++) {
                fixed = d == cutDim ? fixed : Math.multiplyExact(fixed, shape[d]);
            }
        }
        return new CostTerm(layer, perSample(fixed), extents);
    }

    private boolean isEven(UnitIndex[] units) {
        Map<UnitIndex, Integer> counts = new HashMap<>();
        for (UnitIndex unit : units) {
            if (unit != null) {
                counts.merge(unit, 1, Integer::sum);
            }
        }
        Map<String, Set<Integer>> perGroup = new HashMap<>();
        counts.forEach((unit, count) ->
                perGroup.computeIfAbsent(unit.group(), g -> new HashSet<>()).add(count));
        return perGroup.entrySet().stream()
                .allMatch(e -> e.getValue().size() == 1
                        && counts.keySet().stream()
                                        .filter(unit -> unit.group().equals(e.getKey()))
                                        .count()
                                == unitsOfGroup.get(e.getKey()));
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
        Optional<Parameter> turned = coupling.transposed(operator.argument(right));
        if (turned.isPresent()) {
            // Its layer has been named after the transposition, which says less.
            opOfLayer.put(turned.get().layer(), operator.name());
            boolean outputsFirst = !operator.name().equals("linear");
            addProduct(
                    turned.get(),
                    outputsFirst,
                    operator.outputs().get(0),
                    turned.get().layer());
            return;
        }
        String name = layer.isEmpty() ? operator.name() : layer;
        opOfLayer.putIfAbsent(name, operator.name());
        if (operator.argument(right) instanceof Argument.Stored stored
                && stored.parameter().shape().length == 2) {
            addProduct(
                    stored.parameter(),
                    operator.name().equals("linear"),
                    operator.outputs().get(0),
                    name);
        } else if (operator.argument(left) instanceof Argument.Ref ref
                && ref.value().tensor() >= 0) {
            long[] shape = shapes.get(ref.value().tensor());
            macTerms.add(term(
                    name, shape[shape.length - 1], List.of(operator.outputs().get(0))));
        }
    }

    private void addProduct(Parameter weight, boolean outputsFirst, Value result, String layer) {
        long[] shape = weight.shape();
        boolean byRows = coupling.unitsOf(result)
                .filter(along -> along.dim() < shapes.get(result.tensor()).length - 1)
                .isPresent();
        if (byRows) {
            // Units that are rows of the result, such as heads: the weight stays whole.
            macTerms.add(term(layer, shape[outputsFirst ? 1 : 0], List.of(result)));
        } else {
            macTerms.add(term(layer, perSample(elements(result) / shape[outputsFirst ? 0 : 1]), weight, 2));
        }
    }

    private long elements(Value value) {
        return Arrays.stream(shapes.get(value.tensor())).reduce(1, Math::multiplyExact);
    }

    private long perSample(long count) {
        long batch = graph.inputs().isEmpty() ? 1 : shapes.get(0)[0];
        return batch > 0 && count % batch == 0 ? count / batch : count;
    }
}
