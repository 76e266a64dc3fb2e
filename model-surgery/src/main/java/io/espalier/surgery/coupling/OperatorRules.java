package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which rule an operator follows, by ATen's name. An operator that is not here protects what flows into it. */
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
    private static final Set<String> SIZED = Set.of(
            "view",
            "reshape",
            "_unsafe_view",
            "_reshape_alias",
            "unflatten",
            "expand",
            "broadcast_to",
            "slice",
            "narrow",
            "split",
            "split_with_sizes",
            "pad",
            "constant_pad_nd",
            "prim.unpack",
            "__getitem__");
    /** In place, these give the tensor another shape under the names that it had before. */
    private static final Set<String> RESHAPING =
            Set.of("transpose", "t", "squeeze", "unsqueeze", "swapaxes", "swapdims", "resize", "resize_as");

    private static final Set<String> MATRIX = Set.of("linear", "addmm", "matmul", "mm");

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
        rules.put("batch_norm", ElementwiseRules::channelNorm);
        rules.put("instance_norm", ElementwiseRules::channelNorm);
        one("layer_norm", ReductionRules::layerNorm);
        one("rms_norm", ReductionRules::layerNorm);
        one("group_norm", ReductionRules::groupNorm);
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
                    (operator, flow) -> (isTensor(operator.argument(1))
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
                one(kind + d + "d", AssemblyRules::pad);
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
        one("expand", ShapeRules::expand);
        one("broadcast_to", ShapeRules::expand);
        rules.put("expand_as", ShapeRules::expandAs);
    }

    private void parts() {
        one("slice", SliceRules::slice);
        one("narrow", SliceRules::narrow);
        one("select", SliceRules::select);
        one("unbind", SliceRules::unbind);
        one("chunk", SliceRules::chunk);
        one("unsafe_chunk", SliceRules::chunk);
        one("split", SliceRules::split);
        one("unsafe_split", SliceRules::split);
        one("split_with_sizes", SliceRules::split);
        rules.put("prim.unpack", SliceRules::unpack);
        rules.put("__getitem__", SliceRules::item);
        one("roll", SliceRules.turn(2));
        one("flip", SliceRules.turn(1));
        one("glu", SliceRules::glu);
        one("index", GatherRules::index);
        one("index_select", GatherRules::select);
    }

    private void assembly() {
        rules.put("cat", AssemblyRules::cat);
        rules.put("concat", AssemblyRules::cat);
        rules.put("stack", AssemblyRules::stack);
        one("pad", AssemblyRules::pad);
        one("constant_pad_nd", AssemblyRules::pad);
        one("repeat", AssemblyRules::repeat);
        one("tile", AssemblyRules::repeat);
        one("pixel_shuffle", AssemblyRules::pixelShuffle);
        one("pixel_unshuffle", AssemblyRules::pixelUnshuffle);
        one("channel_shuffle", AssemblyRules::channelShuffle);
    }

    void apply(Operator operator, Flow flow) {
        flow.startOperator();
        if (!NumberRules.apply(operator, flow)) {
            follow(operator, flow);
        }
        flow.fixUnrecorded(operator);
        flow.finish(operator);
    }

    private void follow(Operator operator, Flow flow) {
        String name = operator.name();
        boolean inPlace = name.endsWith("_") && !name.endsWith("__");
        OperatorRule rule = rules.get(inPlace ? name.substring(0, name.length() - 1) : name);
        if (computesNumber(operator)) {
            keepCounts(operator, flow);
        } else if (rule == null || operator.outputs().isEmpty()) {
            flow.protectAll(operator, "the operator is not known");
        } else if (operator.named().containsKey("out")) {
            // The tensor may have been seen in other ways before, and those would keep its size.
            flow.protectAll(operator, "writes its result into a tensor that is there already");
        } else if (inPlace && Arguments.stored(operator.argument(0)).isPresent()) {
            flow.protectAll(operator, "writes into a stored tensor");
        } else if (inPlace && RESHAPING.contains(name.substring(0, name.length() - 1))) {
            flow.protectAll(operator, "changes the shape of a tensor in place");
        } else if (!MATRIX.contains(name)
                && Arguments.all(operator).anyMatch(a -> flow.transposed(a).isPresent())) {
            flow.protectAll(operator, "uses a transposed weight");
        } else {
            if (!SIZED.contains(name)) {
                keepCounts(operator, flow);
            }
            rule.apply(operator, flow);
            checkCounts(operator, flow);
        }
    }

    /** Whether numbers only go in and one comes out, whatever the operator does with them. */
    private static boolean computesNumber(Operator operator) {
        return operator.outputs().size() == 1
                && operator.outputs().get(0).type() == Value.Type.SCALAR
                && Arguments.all(operator)
                        .noneMatch(a -> isTensor(a)
                                || (a instanceof Argument.Ref ref && ref.value().type() == Value.Type.TENSOR_LIST));
    }

    private static boolean isTensor(Argument argument) {
        return argument instanceof Argument.Stored || Arguments.tensor(argument).isPresent();
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

    /** A number of units that becomes data must not change, such as the square root of how wide an attention head is. */
    private static void keepCounts(Operator operator, Flow flow) {
        Arguments.all(operator)
                .forEach(argument -> Stream.concat(
                                flow.number(argument).stream(),
                                flow.numberList(argument).stream().flatMap(List::stream))
                        .flatMap(known -> known.counts().stream())
                        .forEach(count -> flow.mixed(
                                count.labels(), count.dims(), operator, "computes with the number of units")));
    }

    /** A number of units that a rule did not ask for must be what it was: it would be a size of something else. */
    private static void checkCounts(Operator operator, Flow flow) {
        List<Argument> counts =
                Arguments.all(operator).filter(a -> isCount(a, flow)).toList();
        for (int i = 0; i < counts.size(); i++) {
            long now = flow.integer(counts.get(i)).orElse(-1L);
            if (flow.noted(operator, -1 - i, now)[0] != now && !flow.isCovered()) {
                throw new Inconsistent(operator, "uses the number of units as another size");
            }
        }
    }

    private static boolean isCount(Argument argument, Flow flow) {
        return flow.number(argument).filter(Known::followsUnits).isPresent()
                || (argument instanceof Argument.Ref ref
                        && ref.value().type() != Value.Type.TENSOR
                        && flow.numberList(argument)
                                .filter(list -> list.stream().anyMatch(Known::followsUnits))
                                .isPresent());
    }
}
