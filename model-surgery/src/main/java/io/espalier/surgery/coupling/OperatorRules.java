package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which rule an operator follows, by ATen's name. An operator that is not here protects what flows into it. */
final class OperatorRules {
    private static final List<String> UNARY = List.of(
            "dropout",
            "feature_dropout",
            "alpha_dropout",
            "contiguous",
            "clone",
            "detach",
            "to",
            "alias",
            "abs",
            "exp",
            "neg",
            "sqrt",
            "rsqrt",
            "pow",
            "square",
            "clamp",
            "clamp_min",
            "clamp_max",
            "log",
            "log1p",
            "erf",
            "sin",
            "cos",
            "reciprocal",
            "sign",
            "floor",
            "ceil",
            "round",
            "zeros_like",
            "ones_like",
            "lift_fresh",
            "hardshrink",
            "softshrink");
    private static final List<String> BINARY = List.of("add", "sub", "rsub", "mul", "div", "maximum", "minimum");
    private static final List<String> REDUCTIONS = List.of("mean", "sum", "amax", "amin");

    private static final Set<String> SIZE_AWARE = Set.of("view", "reshape", "_unsafe_view", "Int", "prim.NumToTensor");
    private static final Set<String> MATRIX = Set.of("linear", "addmm", "matmul", "mm");

    private final Map<String, OperatorRule> rules = new HashMap<>();

    OperatorRules() {
        Activations.ELEMENTWISE.forEach(name -> rules.put(name, ElementwiseRules::unary));
        UNARY.forEach(name -> rules.put(name, ElementwiseRules::unary));
        BINARY.forEach(name -> rules.put(name, ElementwiseRules::binary));
        REDUCTIONS.forEach(name -> rules.put(name, ReductionRules::reduce));
        rules.put("batch_norm", ElementwiseRules::channelNorm);
        rules.put("instance_norm", ElementwiseRules::channelNorm);
        rules.put(Activations.PRELU, ElementwiseRules::prelu);
        rules.put("softmax", ReductionRules::along);
        rules.put("log_softmax", ReductionRules::along);
        for (String pad :
                List.of("pad", "constant_pad_nd", "reflection_pad1d", "reflection_pad2d", "replication_pad2d")) {
            rules.put(pad, ReductionRules::pad);
        }
        convolutions();
        pooling();
        layout();
        sizes();
    }

    private void convolutions() {
        rules.put("_convolution", new ConvolutionRule(8, 6, false));
        rules.put("_convolution_mode", new ConvolutionRule(6, -1, false));
        for (int d = 1; d <= 3; d++) {
            rules.put("conv" + d + "d", new ConvolutionRule(6, -1, false));
            rules.put("conv_transpose" + d + "d", new ConvolutionRule(6, -1, true));
        }
        rules.put("linear", LinearRule.linear());
        rules.put("addmm", LinearRule.addmm());
        rules.put("matmul", LinearRule.matmul());
        rules.put("mm", LinearRule.matmul());
    }

    private void pooling() {
        for (int d = 1; d <= 3; d++) {
            for (String kind : List.of("max_pool", "avg_pool", "adaptive_avg_pool", "upsample_nearest")) {
                rules.put(kind + d + "d", ReductionRules.overLast(d));
            }
        }
        rules.put("upsample_bilinear2d", ReductionRules.overLast(2));
    }

    private void layout() {
        rules.put("flatten", LayoutRule::reorderFree);
        rules.put("unsqueeze", LayoutRule::reorderFree);
        rules.put("squeeze", LayoutRule::squeeze);
        rules.put("view", LayoutRule::reshape);
        rules.put("reshape", LayoutRule::reshape);
        rules.put("_unsafe_view", LayoutRule::reshape);
        rules.put("permute", LayoutRule::permute);
        rules.put("transpose", LinearRule::transpose);
        rules.put("t", LinearRule::transpose);
        rules.put("cat", new ConcatenationRule());
    }

    private void sizes() {
        rules.put("size", SizeRules::size);
        rules.put("Int", SizeRules::pass);
        rules.put("prim.NumToTensor", SizeRules::pass);
        for (String question : List.of("dim", "prim.device", "prim.dtype", "prim.layout", "is_floating_point")) {
            rules.put(question, SizeRules::ignore);
        }
    }

    void apply(Operator operator, Flow flow) {
        String name = operator.name();
        boolean inPlace = name.endsWith("_") && !name.endsWith("__");
        OperatorRule rule = rules.get(inPlace ? name.substring(0, name.length() - 1) : name);
        flow.startOperator();
        if (rule == null || operator.outputs().size() != 1) {
            flow.protectAll(operator, "the operator is not known");
        } else if (operator.named().containsKey("out")) {
            // The tensor may have been seen in other ways before, and those would keep its size.
            flow.protectAll(operator, "writes its result into a tensor that is there already");
        } else if (!SIZE_AWARE.contains(name)
                && anyArgument(operator, a -> flow.counted(a).isPresent())) {
            flow.protectAll(operator, "computes with the number of units");
        } else if (!MATRIX.contains(name)
                && anyArgument(operator, a -> flow.transposed(a).isPresent())) {
            flow.protectAll(operator, "uses a transposed weight");
        } else {
            rule.apply(operator, flow);
        }
        flow.fixUnrecorded(operator);
    }

    private static boolean anyArgument(Operator operator, Predicate<Argument> condition) {
        return Stream.concat(operator.arguments().stream(), operator.named().values().stream())
                .anyMatch(argument -> anyIn(argument, condition));
    }

    private static boolean anyIn(Argument argument, Predicate<Argument> condition) {
        return condition.test(argument)
                || (argument instanceof Argument.Sequence sequence
                        && sequence.items().stream().anyMatch(item -> anyIn(item, condition)));
    }
}
