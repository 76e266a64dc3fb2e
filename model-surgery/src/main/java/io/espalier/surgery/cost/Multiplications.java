package io.espalier.surgery.cost;

import io.espalier.surgery.CostTerm;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Equation;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Multiply-accumulates of the operators that are made of them. */
final class Multiplications {
    private static final Set<String> RECURRENT = Set.of("lstm", "gru", "rnn_tanh", "rnn_relu");
    private static final Set<String> FUSED = Stream.concat(
                    RECURRENT.stream(), Stream.of("_native_multi_head_attention", "_transformer_encoder_layer_fwd"))
            .collect(Collectors.toUnmodifiableSet());

    private final Coupling coupling;
    private final CostTerms terms;
    private final LayerTerms layers;

    Multiplications(Coupling coupling, CostTerms terms, LayerTerms layers) {
        this.coupling = coupling;
        this.terms = terms;
        this.layers = layers;
    }

    /** {@code layer}: that of the first stored tensor, or else the module that runs the operator. */
    void count(Operator operator, String layer) {
        switch (operator.name().replaceAll("[123]d$", "")) {
            case "_convolution", "conv", "_convolution_mode", "conv_transpose" -> convolution(operator, layer);
            case "linear", "matmul", "mm", "bmm" -> product(operator, 0, 1, layer);
            case "addmm", "baddbmm" -> product(operator, 1, 2, layer);
            case "scaled_dot_product_attention" -> attention(operator);
            case "einsum" -> equation(operator);
            default -> {}
        }
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
        long positions = terms.perSample(terms.elements(at) / weight[0]);
        layers.name(layer, operator.name());
        layers.addMacs(terms.of(layer, Math.multiplyExact(kernel, positions), stored.parameter(), 2));
    }

    private void product(Operator operator, int left, int right, String layer) {
        if (operator.outputs().isEmpty()) {
            return;
        }
        Optional<Parameter> turned = coupling.transposed(operator.argument(right));
        if (turned.isPresent()) {
            // Its layer has been named after the transposition, which says less.
            layers.rename(turned.get().layer(), operator.name());
            boolean outputsFirst = !operator.name().equals("linear");
            addProduct(
                    turned.get(),
                    outputsFirst,
                    operator.outputs().get(0),
                    turned.get().layer());
            return;
        }
        String name = layer.isEmpty() ? operator.name() : layer;
        layers.name(name, operator.name());
        if (operator.argument(right) instanceof Argument.Stored stored
                && stored.parameter().shape().length == 2) {
            addProduct(
                    stored.parameter(),
                    operator.name().equals("linear"),
                    operator.outputs().get(0),
                    name);
        } else if (operator.argument(left) instanceof Argument.Ref ref
                && ref.value().tensor() >= 0) {
            long[] shape = terms.shape(ref.value());
            layers.addMacs(terms.of(
                    name, shape[shape.length - 1], List.of(operator.outputs().get(0))));
        }
    }

    private void addProduct(Parameter weight, boolean outputsFirst, Value result, String layer) {
        long[] shape = weight.shape();
        boolean byRows = coupling.unitsOf(result)
                .filter(along -> along.dim() < terms.shape(result).length - 1)
                .isPresent();
        if (byRows) {
            // Units that are rows of the result, such as heads: the weight stays whole.
            layers.addMacs(terms.of(layer, shape[outputsFirst ? 1 : 0], List.of(result)));
        } else {
            layers.addMacs(
                    terms.of(layer, terms.perSample(terms.elements(result) / shape[outputsFirst ? 0 : 1]), weight, 2));
        }
    }

    /** {@code scaled_dot_product_attention}: scores, and their product with the values. */
    private void attention(Operator operator) {
        if (!(operator.argument(0) instanceof Argument.Ref query)
                || !(operator.argument(1) instanceof Argument.Ref key)) {
            return;
        }
        String name = moduleOf(operator);
        layers.name(name, operator.name());
        int tokens = terms.shape(key.value()).length - 2;
        long keys = terms.shape(key.value())[tokens];
        layers.addMacs(terms.of(name, keys, List.of(query.value())));
        layers.addMacs(terms.of(name, keys, List.of(operator.outputs().get(0))));
    }

    private static String moduleOf(Operator operator) {
        return operator.modulePath().isEmpty() ? operator.name() : operator.modulePath();
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
        long[] shape = terms.shape(first.value());
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
            String name = moduleOf(operator);
            layers.name(name, operator.name());
            layers.addMacs(terms.of(name, summed, List.of(operator.outputs().get(0))));
        }
    }

    /** Each of their matrices is multiplied with every row of the input. */
    void fused(Operator operator, Value input, List<Parameter> stored) {
        long[] shape = terms.shape(input);
        long features = shape[shape.length - 1];
        long rows = terms.perSample(terms.elements(input) / Math.max(1, features));
        for (Parameter parameter : stored) {
            if (parameter.shape().length == 2) {
                layers.addMacs(terms.of(parameter.layer(), rows, parameter, 2));
            }
        }
        if (!RECURRENT.contains(operator.name()) && !stored.isEmpty()) {
            // Scores of every row with every other, and their product with the values.
            layers.addMacs(new CostTerm(stored.get(0).layer(), 2 * rows * rows * features, List.of()));
        }
    }

    /** Whether an operator is a whole layer, or several, each with weights of its own. */
    static boolean isFused(Operator operator) {
        return FUSED.contains(operator.name());
    }
}
