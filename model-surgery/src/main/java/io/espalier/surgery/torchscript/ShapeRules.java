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
                            + " channel_shuffle native_channel_shuffle bernoulli normal nan_to_num local_response_norm"
                            + " normalize lift_fresh _transformer_encoder_layer_fwd")
                    .split(" "));

    private static final Set<String> REDUCTIONS =
            Set.of("mean", "sum", "amax", "amin", "norm", "std", "var", "logsumexp");

    private final KnownArguments given;

    private ShapeRules(KnownArguments given) {
        this.given = given;
    }

    /** One fact per result. */
    static List<TensorFact> infer(KnownValues known, String operator, List<Argument> arguments, int results) {
        String name = operator.endsWith("_") && !operator.endsWith("__")
                ? operator.substring(0, operator.length() - 1)
                : operator;
        try {
            return new ShapeRules(new KnownArguments(known, arguments)).infer(name, results);
        } catch (ArithmeticException | IndexOutOfBoundsException | NegativeArraySizeException | ClassCastException e) {
            // Arguments that the operator does not take: the engine will say so.
            return unknown(results);
        }
    }

    private static List<TensorFact> unknown(int results) {
        return Collections.nCopies(results, TensorFact.UNKNOWN);
    }

    private List<TensorFact> infer(String name, int results) {
        if (given.all().isEmpty()) {
            return unknown(results);
        }
        return results > 1 ? several(name, results) : List.of(one(name, given.fact(0)));
    }

    private TensorFact one(String name, TensorFact input) {
        if (SAME.contains(name)) {
            return input;
        } else if (BroadcastShapes.contains(name)) {
            return BroadcastShapes.infer(name, given);
        } else if (REDUCTIONS.contains(name)) {
            return reduced(input);
        } else if (WindowShapes.contains(name)) {
            return new WindowShapes(given).infer(name, input);
        }
        return switch (name) {
            case "linear" -> linear(input);
            case "matmul", "bmm", "mm" -> product(given.fact(0), given.fact(1));
            case "addmm", "baddbmm" -> product(given.fact(1), given.fact(2));
            case "scaled_dot_product_attention" -> input;
            case "embedding" -> embedding();
            case "to", "type_as" -> new TensorFact(input.sizes(), castType(name));
            default -> new LayoutShapes(given).infer(name, input);
        };
    }

    private int castType(String name) {
        if (given.constant(1) instanceof Long type && type >= 0) {
            return type.intValue();
        }
        return name.equals("to") ? -1 : given.fact(1).type();
    }

    private List<TensorFact> several(String name, int results) {
        TensorFact input = given.fact(0);
        return switch (name) {
            case "lstm", "gru", "rnn_tanh", "rnn_relu" -> Collections.nCopies(results, like(input, 3));
            case "_native_multi_head_attention" -> List.of(input, TensorFact.UNKNOWN);
            case "chunk", "split", "unbind" -> new PartShapes(given).parts(name, input, results);
            default -> unknown(results);
        };
    }

    private static TensorFact like(TensorFact input, int rank) {
        return input.hasRank() && input.rank() == rank ? TensorFact.ofRank(rank, input.type()) : TensorFact.UNKNOWN;
    }

    private TensorFact reduced(TensorFact input) {
        Object dims = given.constant(1);
        if (dims instanceof Long one) {
            dims = List.of(one);
        }
        if (!input.hasRank() || !(dims instanceof List<?> list) || list.isEmpty()) {
            return TensorFact.UNKNOWN;
        }
        boolean keep = Boolean.TRUE.equals(given.constant(2));
        long[] sizes = input.sizes().clone();
        list.forEach(dim -> sizes[(int) ((long) dim < 0 ? (long) dim + sizes.length : (long) dim)] = keep ? 1 : -2);
        return new TensorFact(Arrays.stream(sizes).filter(size -> size != -2).toArray(), input.type());
    }

    private TensorFact linear(TensorFact input) {
        if (!input.hasRank() || !given.fact(1).hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = input.sizes().clone();
        sizes[sizes.length - 1] = given.fact(1).size(0);
        return new TensorFact(sizes, input.type());
    }

    private static TensorFact product(TensorFact a, TensorFact b) {
        if (!a.hasRank() || !b.hasRank() || a.rank() < 2 || b.rank() < 2) {
            return TensorFact.UNKNOWN;
        }
        long[] batch = BroadcastShapes.broadcast(
                Arrays.copyOf(a.sizes(), a.rank() - 2), Arrays.copyOf(b.sizes(), b.rank() - 2));
        long[] sizes = Arrays.copyOf(batch, batch.length + 2);
        sizes[batch.length] = a.size(-2);
        sizes[batch.length + 1] = b.size(-1);
        return new TensorFact(sizes, a.type());
    }

    private TensorFact embedding() {
        if (!given.fact(0).hasRank() || !given.fact(1).hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = Arrays.copyOf(given.fact(1).sizes(), given.fact(1).rank() + 1);
        sizes[sizes.length - 1] = given.fact(0).size(1);
        return new TensorFact(sizes, given.fact(0).type());
    }
}
