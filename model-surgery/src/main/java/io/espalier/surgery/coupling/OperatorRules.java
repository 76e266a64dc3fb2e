package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Arguments;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which rule an operator follows, by ATen's name. */
final class OperatorRules {
    private static final String ELEMENTWISE = """
            dropout feature_dropout alpha_dropout feature_alpha_dropout detach clone abs exp exp2 expm1 neg sqrt rsqrt pow
            square clamp clamp_min clamp_max clip log log1p log2 erf sin cos tan atan reciprocal sign floor ceil round trunc
            frac zeros_like ones_like full_like hardshrink softshrink threshold rrelu log_sigmoid nan_to_num
            add sub rsub mul div true_divide multiply subtract divide maximum minimum fmod remainder floor_divide
            where lerp addcmul addcdiv masked_fill copy atan2 eq ne gt lt ge le logical_and logical_or logical_xor
            logical_not bitwise_and bitwise_or bitwise_not isnan isinf sigmoid_backward fill zero
            """;
    private static final List<String> FIRST = List.of(
            "contiguous",
            "to",
            "type_as",
            "alias",
            "lift_fresh",
            "view_as_real_copy",
            "cpu",
            "float",
            "half",
            "prim.data");

    private final Map<String, OperatorRule> rules = new HashMap<>();

    OperatorRules() {
        Activations.ELEMENTWISE.forEach(name -> rules.put(name, ElementwiseRules::combine));
        Pattern.compile("\\s+").splitAsStream(ELEMENTWISE).forEach(name -> rules.put(name, ElementwiseRules::combine));
        FIRST.forEach(name -> rules.put(name, ElementwiseRules::first));
        rules.put(Activations.PRELU, ElementwiseRules::prelu);
        products();
        norms();
        reductions();
        shapes();
        parts();
        assembly();
        for (String question :
                List.of("prim.device", "prim.dtype", "prim.layout", "is_floating_point", "prim.is_cuda")) {
            rules.put(question, (operator, flow) -> {});
        }
        for (String factory : List.of("new_zeros", "new_ones", "new_full", "new_empty")) {
            // The first operand gives type and device only; sizes that count units protect them before this.
            rules.put(factory, (operator, flow) -> {});
        }
    }

    /** By the name of the operator that gives its result as a new tensor. */
    Optional<OperatorRule> of(String name) {
        return Optional.ofNullable(rules.get(name));
    }

    private void products() {
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
        rules.put("bmm", AttentionRules::product);
        rules.put("baddbmm", AttentionRules::addedProduct);
        rules.put("einsum", EinsumRule::apply);
        rules.put("embedding", LinearRule::embedding);
        rules.put("scaled_dot_product_attention", AttentionRules::scaledDotProduct);
        rules.put("_transformer_encoder_layer_fwd", AttentionRules::encoderLayer);
    }

    private void norms() {
        rules.put("batch_norm", NormRules::channelNorm);
        rules.put("instance_norm", NormRules::channelNorm);
        one("layer_norm", NormRules::layerNorm);
        one("rms_norm", NormRules::layerNorm);
        one("group_norm", NormRules::groupNorm);
    }

    private void reductions() {
        for (String name : List.of(
                "mean",
                "sum",
                "amax",
                "amin",
                "var",
                "std",
                "logsumexp",
                "argmax",
                "argmin",
                "any",
                "prod",
                "all",
                "median")) {
            one(name, ReductionRules.reduce(1));
        }
        for (String name : List.of("max", "min")) {
            OperatorRule reduction = ReductionRules.reduce(1);
            // max(a, b) is the larger of two, max(a, dim) a reduction.
            rules.put(
                    name,
                    (operator, flow) -> (Arguments.isTensor(operator.argument(1))
                                    ? (OperatorRule) ElementwiseRules::combine
                                    : reduction)
                            .apply(operator, flow));
        }
        one("norm", ReductionRules.reduce(2));
        one("linalg_vector_norm", ReductionRules.reduce(2));
        for (String name : List.of("softmax", "log_softmax", "softmin", "cumsum", "cumprod", "_softmax")) {
            one(name, ReductionRules.along(1));
        }
        one("sort", ReductionRules.along(1));
        one("argsort", ReductionRules.along(1));
        one("topk", ReductionRules.along(2));
        for (int d = 1; d <= 3; d++) {
            for (String kind :
                    List.of("max_pool", "avg_pool", "adaptive_avg_pool", "adaptive_max_pool", "upsample_nearest")) {
                one(kind + d + "d", ReductionRules.overLast(d));
            }
            rules.put("max_unpool" + d + "d", ReductionRules.unpool(d));
            one("max_pool" + d + "d_with_indices", ReductionRules.overLast(d));
        }
        one("upsample_linear1d", ReductionRules.overLast(1));
        for (String name : List.of("upsample_bilinear2d", "upsample_bicubic2d", "grid_sampler", "grid_sampler_2d")) {
            one(name, ReductionRules.overLast(2));
        }
        one("upsample_trilinear3d", ReductionRules.overLast(3));
        for (String kind : List.of("reflection_pad", "replication_pad")) {
            for (int d = 1; d <= 3; d++) {
                one(kind + d + "d", PadRule::apply);
            }
        }
    }

    private void shapes() {
        one("flatten", ShapeRules::reshape);
        one("unsqueeze", ShapeRules::reshape);
        one("squeeze", ShapeRules::squeeze);
        for (String name : List.of("view", "reshape", "_unsafe_view", "_reshape_alias")) {
            one(name, ShapeRules::view);
        }
        rules.put("view_as", ShapeRules::viewAs);
        rules.put("reshape_as", ShapeRules::viewAs);
        one("unflatten", ShapeRules::unflatten);
        one("permute", ShapeRules::permute);
        for (String name : List.of("transpose", "t", "numpy_T", "mT", "adjoint", "swapaxes", "swapdims")) {
            one(name, LinearRule::transpose);
        }
        one("expand", ExpandRules::expand);
        one("broadcast_to", ExpandRules::expand);
        rules.put("expand_as", ExpandRules::expandAs);
    }

    private void parts() {
        one("slice", SliceRules::slice);
        one("narrow", SliceRules::narrow);
        one("select", SliceRules::select);
        one("unbind", SplitRules::unbind);
        one("chunk", SplitRules::chunk);
        one("unsafe_chunk", SplitRules::chunk);
        one("split", SplitRules::split);
        one("unsafe_split", SplitRules::split);
        one("split_with_sizes", SplitRules::split);
        rules.put("prim.unpack", ListRules::unpack);
        rules.put("__getitem__", ListRules::item);
        one("roll", ShuffleRules.turn(2));
        one("flip", ShuffleRules.turn(1));
        one("glu", SplitRules::glu);
        one("index", GatherRules::index);
        one("index_select", GatherRules::select);
    }

    private void assembly() {
        rules.put("cat", AssemblyRules::cat);
        rules.put("concat", AssemblyRules::cat);
        rules.put("stack", AssemblyRules::stack);
        one("pad", PadRule::apply);
        one("constant_pad_nd", PadRule::apply);
        one("repeat", AssemblyRules::repeat);
        one("tile", AssemblyRules::repeat);
        one("pixel_shuffle", ShuffleRules::pixelShuffle);
        one("pixel_unshuffle", ShuffleRules::pixelUnshuffle);
        one("channel_shuffle", ShuffleRules::channelShuffle);
    }

    /** An operator whose rule follows the units of its first operand only. */
    private void one(String name, OperatorRule rule) {
        rules.put(name, (operator, flow) -> {
            if (Arguments.all(operator).skip(1).anyMatch(a -> flow.labels(a).isPresent())) {
                flow.protectAll(operator, "takes units in another tensor than its first");
            } else {
                rule.apply(operator, flow);
            }
        });
    }
}
