package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Products of two computed tensors: heads go whole, and what is within a head is not cut. */
final class AttentionRules {
    private static final String INNER = "a product of two computed tensors over the dimension of the units";

    private AttentionRules() {}

    /** {@code matmul(a [.., m, k], b [.., k, n])} and {@code bmm}. */
    static void product(Operator operator, Flow flow) {
        product(operator, flow, 0, List.of());
    }

    /** {@code baddbmm(added, a, b)}: scores of heads with a mask added. */
    static void addedProduct(Operator operator, Flow flow) {
        Optional<Item> added = flow.item(operator.argument(0));
        if (added.isEmpty()) {
            flow.protectAll(operator, "a product of what is not two tensors");
            return;
        }
        product(operator, flow, 1, List.of(added.get()));
    }

    private static void product(Operator operator, Flow flow, int first, List<Item> added) {
        Optional<Item> left = flow.item(operator.argument(first));
        Optional<Item> right = flow.item(operator.argument(first + 1));
        if (left.isEmpty() || right.isEmpty()) {
            flow.protectAll(operator, "a product of what is not two tensors");
            return;
        } else if (Stream.concat(Stream.of(left.get(), right.get()), added.stream())
                .allMatch(item -> item.labels().isEmpty())) {
            return;
        } else if (left.get().shape().length < 2 || right.get().shape().length < 2) {
            flow.protectAll(operator, "a product with a vector");
            return;
        }
        Item a = contracted(left.get(), left.get().shape().length - 1, operator, flow);
        Item b = contracted(right.get(), right.get().shape().length - 2, operator, flow);
        int rank = flow.shape(operator.outputs().get(0)).length;
        List<Item> joined = new ArrayList<>(List.of(a, b));
        joined.addAll(added);
        new Broadcast(operator, flow, rank).joinItems(joined).ifPresent(labels -> flow.set(operator, labels));
    }

    /** The operand as it lines up with the result: the dimension that is summed over has one index. */
    private static Item contracted(Item operand, int dim, Operator operator, Flow flow) {
        long[] shape = operand.shape().clone();
        shape[dim] = 1;
        return new Item(operand.labels().flatMap(l -> flow.mixed(l, d -> d == dim, operator, INNER)), shape);
    }

    /** {@code scaled_dot_product_attention(query, key, value, mask)}, each [.., heads, tokens, features]. */
    static void scaledDotProduct(Operator operator, Flow flow) {
        Optional<Item> query = flow.item(operator.argument(0));
        Optional<Item> key = flow.item(operator.argument(1));
        Optional<Item> value = flow.item(operator.argument(2));
        Argument mask = Arguments.get(operator, 3, "attn_mask");
        if (query.isEmpty() || key.isEmpty() || value.isEmpty() || query.get().shape().length < 2) {
            flow.protectAll(operator, "attention over what is not three tensors");
            return;
        }
        int rank = query.get().shape().length;
        Item scores = contracted(query.get(), rank - 1, operator, flow);
        Item keys = contracted(key.get(), rank - 1, operator, flow);
        // Keys lie along the columns of the scores; labels that change along tokens cannot be followed.
        keys.labels()
                .filter(l -> l.variesAlong(d -> d >= rank - 2))
                .ifPresent(l -> flow.protect(l.cells(), operator, INNER));
        Item values = contracted(value.get(), rank - 2, operator, flow);
        List<Item> joined = new ArrayList<>(List.of(scores, withoutTokens(keys, rank), values));
        flow.labels(mask)
                .filter(l -> l.variesAlong(d -> d >= l.rank() - 2))
                .ifPresent(l -> flow.protect(l.cells(), operator, INNER));
        flow.item(mask).map(m -> withoutTokens(m, m.shape().length)).ifPresent(joined::add);
        new Broadcast(operator, flow, rank).joinItems(joined).ifPresent(labels -> flow.set(operator, labels));
    }

    private static Item withoutTokens(Item item, int rank) {
        long[] shape = item.shape().clone();
        Arrays.fill(shape, Math.max(0, rank - 2), rank, 1);
        return new Item(item.labels().filter(l -> !l.variesAlong(d -> d >= rank - 2)), shape);
    }

    /**
     * {@code _transformer_encoder_layer_fwd}: one operator for a whole layer, which computes the sizes of its heads from
     * the embedding; only the inner units of its feed-forward part can be cut.
     */
    static void encoderLayer(Operator operator, Flow flow) {
        List<Optional<Parameter>> weights =
                operator.arguments().stream().map(Arguments::stored).toList();
        int first = 14;
        boolean plain = weights.size() > first + 3
                && weights.subList(first, first + 4).stream().allMatch(Optional::isPresent);
        if (!plain) {
            flow.protectAll(operator, "a fused layer whose weights are computed");
            return;
        }
        String reason = "a fused layer that derives its heads from the embedding";
        operator.arguments().forEach(a -> flow.labels(a).ifPresent(l -> flow.protect(l.cells(), operator, reason)));
        operator.arguments().forEach(flow::isWeight);
        Parameter widening = weights.get(first).get();
        Parameter narrowing = weights.get(first + 2).get();
        int[] inner = flow.made(operator, widening, 0);
        flow.consumes(narrowing, 1);
        flow.record(widening, Map.of(0, inner), operator);
        flow.record(weights.get(first + 1).get(), Map.of(0, inner), operator);
        flow.record(narrowing, Map.of(1, inner), operator);
        for (int i = 3; i < 7; i += 2) {
            weights.get(i).ifPresent(w -> flow.refuse(w, operator, reason));
        }
        flow.refuse(narrowing, operator, reason);
    }
}
