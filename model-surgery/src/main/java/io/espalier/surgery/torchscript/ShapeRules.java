package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Shapes and element types as operators define them, as far as they are known, so that few conditions need a run of the
 * model. What is inferred only chooses what is run next: a decision stands when the recorded shapes lead to the same graph.
 */
final class ShapeRules {
    /** Operators whose result is like their first argument. */
    private static final Set<String> SAME = Set.of(
            ("relu relu6 hardtanh hardswish hardsigmoid silu gelu elu selu celu leaky_relu prelu rrelu tanh sigmoid"
                            + " softplus softsign mish logsigmoid log_sigmoid threshold dropout feature_dropout"
                            + " alpha_dropout softmax log_softmax softmin batch_norm layer_norm group_norm instance_norm"
                            + " rms_norm contiguous clone detach alias abs exp log log1p sqrt rsqrt pow square neg erf"
                            + " sin cos reciprocal sign floor ceil round clamp clamp_min clamp_max roll flip cumsum"
                            + " masked_fill fill copy zero tril triu zeros_like ones_like empty_like rand_like"
                            + " channel_shuffle native_channel_shuffle bernoulli div_ normal nan_to_num local_response_norm"
                            + " normalize lift_fresh _transformer_encoder_layer_fwd")
                    .split(" "));

    private static final Set<String> ARITHMETIC =
            Set.of("add", "sub", "rsub", "mul", "div", "maximum", "minimum", "where", "fmod", "remainder", "atan2");
    private static final Set<String> COMPARISONS = Set.of(
            "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_not", "logical_xor", "isnan");
    private static final Set<String> REDUCTIONS =
            Set.of("mean", "sum", "amax", "amin", "norm", "std", "var", "logsumexp");

    private final GraphBuilder graph;
    private List<Argument> arguments = List.of();

    ShapeRules(GraphBuilder graph) {
        this.graph = graph;
    }

    /** One fact per result. */
    List<TensorFact> infer(String operator, List<Argument> given, int results) {
        arguments = given;
        String name = operator.endsWith("_") && !operator.endsWith("__")
                ? operator.substring(0, operator.length() - 1)
                : operator;
        try {
            return infer(name, results);
        } catch (ArithmeticException | IndexOutOfBoundsException | NegativeArraySizeException | ClassCastException e) {
            // Arguments that the operator does not take: the engine will say so.
            return unknown(results);
        }
    }

    /** As {@link LayoutShapes#count}, of the tensor that the operator takes apart. */
    int parts(String operator, List<Argument> given) {
        arguments = given;
        try {
            return new LayoutShapes(graph, arguments).count(operator, fact(0));
        } catch (ArithmeticException | IndexOutOfBoundsException e) {
            return -1;
        }
    }

    private static List<TensorFact> unknown(int results) {
        return Collections.nCopies(results, TensorFact.UNKNOWN);
    }

    private List<TensorFact> infer(String name, int results) {
        if (arguments.isEmpty()) {
            return unknown(results);
        } else if (results > 1) {
            return several(name, results);
        }
        TensorFact input = fact(0);
        if (SAME.contains(name)) {
            return List.of(input);
        } else if (ARITHMETIC.contains(name) || COMPARISONS.contains(name)) {
            return List.of(broadcast(COMPARISONS.contains(name)));
        } else if (REDUCTIONS.contains(name)) {
            return List.of(reduced(input));
        } else if (name.matches("_?conv(olution|[123]d)(_mode)?")) {
            return List.of(convolution(name, input));
        } else if (name.matches("(max|avg|lp)_pool[123]d|upsample_.*|(reflection|replication)_pad[123]d|"
                + "conv_transpose[123]d|adaptive_(avg|max)_pool[123]d|grid_sampler")) {
            return List.of(spatial(name, input));
        }
        return List.of(
                switch (name) {
                    case "linear" -> linear(input);
                    case "matmul", "bmm", "mm" -> product(fact(0), fact(1));
                    case "addmm", "baddbmm" -> product(fact(1), fact(2));
                    case "scaled_dot_product_attention" -> input;
                    case "embedding" -> embedding();
                    case "to", "type_as" ->
                        new TensorFact(
                                input.sizes(),
                                number(1) >= 0 ? (int) number(1) : name.equals("to") ? -1 : fact(1).type());
                    default -> new LayoutShapes(graph, arguments).infer(name, input);
                });
    }

    private List<TensorFact> several(String name, int results) {
        TensorFact input = fact(0);
        return switch (name) {
            case "lstm", "gru", "rnn_tanh", "rnn_relu" -> Collections.nCopies(results, like(input, 3));
            case "_native_multi_head_attention" -> List.of(input, TensorFact.UNKNOWN);
            case "chunk", "split", "unbind" -> new LayoutShapes(graph, arguments).parts(name, input, results);
            default -> unknown(results);
        };
    }

    private TensorFact fact(int argument) {
        return argument < arguments.size() ? graph.fact(arguments.get(argument)) : TensorFact.UNKNOWN;
    }

    private long number(int argument) {
        Object value = argument < arguments.size() ? graph.constant(arguments.get(argument)) : null;
        return value instanceof Long number ? number : -1;
    }

    private static TensorFact like(TensorFact input, int rank) {
        return input.hasRank() && input.rank() == rank ? TensorFact.ofRank(rank, input.type()) : TensorFact.UNKNOWN;
    }

    private TensorFact broadcast(boolean comparison) {
        long[] sizes = {};
        int type = comparison ? TensorFact.BOOL : -1;
        for (Argument argument : arguments) {
            TensorFact fact = graph.fact(argument);
            boolean tensor = argument instanceof Argument.Stored
                    || (argument instanceof Argument.Ref ref && ref.value().tensor() >= 0);
            if (tensor && !fact.hasRank()) {
                return TensorFact.UNKNOWN;
            } else if (tensor) {
                sizes = broadcast(sizes, fact.sizes());
                // Between floats of one width nothing is promoted; anything else is left to the recording.
                type = comparison ? type : type < 0 && fact.isFloat() ? fact.type() : type == fact.type() ? type : -1;
            }
        }
        return new TensorFact(sizes, type);
    }

    private static long[] broadcast(long[] a, long[] b) {
        long[] longer = a.length >= b.length ? a.clone() : b.clone();
        long[] shorter = a.length >= b.length ? b : a;
        int offset = longer.length - shorter.length;
        for (int i = 0; i < shorter.length; i++) {
            long x = longer[offset + i];
            long y = shorter[i];
            longer[offset + i] = x == 1 || x == y ? y : y == 1 ? x : Math.max(x, y) > 1 ? Math.max(x, y) : -1;
        }
        return longer;
    }

    private TensorFact reduced(TensorFact input) {
        Object dims = arguments.size() > 1 ? graph.constant(arguments.get(1)) : null;
        if (dims instanceof Long one) {
            dims = List.of(one);
        }
        if (!input.hasRank() || !(dims instanceof List<?> list) || list.isEmpty()) {
            return TensorFact.UNKNOWN;
        }
        boolean keep = arguments.size() > 2 && Boolean.TRUE.equals(graph.constant(arguments.get(2)));
        long[] sizes = input.sizes().clone();
        list.forEach(dim -> sizes[(int) ((long) dim < 0 ? (long) dim + sizes.length : (long) dim)] = keep ? 1 : -2);
        return new TensorFact(Arrays.stream(sizes).filter(size -> size != -2).toArray(), input.type());
    }

    /** Input, weight, bias, stride, padding, dilation: the same order for all but the transposed ones. */
    private TensorFact convolution(String name, TensorFact input) {
        TensorFact weight = fact(1);
        if (!weight.hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = new long[weight.rank()];
        Arrays.fill(sizes, -1);
        boolean transposed = name.equals("_convolution") && !Boolean.FALSE.equals(graph.constant(arguments.get(6)));
        int offset = input.hasRank() ? input.rank() - weight.rank() : 0;
        if (offset != 0 || transposed || name.endsWith("_mode")) {
            return offset == 0 ? new TensorFact(sizes, input.type()) : TensorFact.UNKNOWN;
        }
        sizes[0] = input.size(0);
        sizes[1] = weight.size(0);
        for (int d = 2; d < sizes.length; d++) {
            long size = input.size(d);
            long padding = setting(4, d - 2, 0);
            long span = setting(5, d - 2, 1) * (weight.size(d) - 1);
            sizes[d] = size < 0 || padding < 0 ? -1 : (size + 2 * padding - span - 1) / setting(3, d - 2, 1) + 1;
        }
        return new TensorFact(sizes, input.type());
    }

    /** A number of a list such as the strides; -1 when it cannot be told. */
    private long setting(int argument, int index, long preset) {
        if (argument >= arguments.size()) {
            return preset;
        }
        Object value = graph.constant(arguments.get(argument));
        if (value instanceof List<?> list && !list.isEmpty()) {
            value = list.get(Math.min(index, list.size() - 1));
        }
        return value instanceof Long number ? number : value instanceof List<?> ? preset : -1;
    }

    private TensorFact spatial(String name, TensorFact input) {
        if (!input.hasRank()) {
            return TensorFact.UNKNOWN;
        }
        int dims = Character.digit(name.charAt(Math.max(0, name.length() - 2)), 10);
        long[] sizes = input.sizes().clone();
        int spatial = dims > 0 ? dims : sizes.length - 2;
        boolean adaptive = name.startsWith("adaptive");
        for (int i = 0; i < spatial; i++) {
            int at = sizes.length - spatial + i;
            sizes[at] = adaptive ? setting(1, i, -1) : name.contains("max_pool") ? pooled(sizes[at], i) : -1;
        }
        if (name.startsWith("conv_transpose")) {
            sizes[1] = -1;
        }
        return new TensorFact(sizes, input.type());
    }

    private long pooled(long size, int i) {
        long kernel = setting(1, i, -1);
        boolean ceil = arguments.size() > 5 && !Boolean.FALSE.equals(graph.constant(arguments.get(5)));
        if (size < 0 || kernel < 1 || ceil) {
            return -1;
        }
        long padded = size + 2 * setting(3, i, 0) - setting(4, i, 1) * (kernel - 1) - 1;
        return padded / setting(2, i, kernel) + 1;
    }

    private TensorFact linear(TensorFact input) {
        if (!input.hasRank() || !fact(1).hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = input.sizes().clone();
        sizes[sizes.length - 1] = fact(1).size(0);
        return new TensorFact(sizes, input.type());
    }

    private static TensorFact product(TensorFact a, TensorFact b) {
        if (!a.hasRank() || !b.hasRank() || a.rank() < 2 || b.rank() < 2) {
            return TensorFact.UNKNOWN;
        }
        long[] batch = broadcast(Arrays.copyOf(a.sizes(), a.rank() - 2), Arrays.copyOf(b.sizes(), b.rank() - 2));
        long[] sizes = Arrays.copyOf(batch, batch.length + 2);
        sizes[batch.length] = a.size(-2);
        sizes[batch.length + 1] = b.size(-1);
        return new TensorFact(sizes, a.type());
    }

    private TensorFact embedding() {
        if (!fact(0).hasRank() || !fact(1).hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = Arrays.copyOf(fact(1).sizes(), fact(1).rank() + 1);
        sizes[sizes.length - 1] = fact(0).size(1);
        return new TensorFact(sizes, fact(0).type());
    }
}
