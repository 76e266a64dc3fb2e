package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Sizes and what is made of them, in traced code as numbers or as tensors of one number. What is computed from the number of
 * units follows a cut by itself, and is remembered as such: it may become a size again, never data.
 */
final class NumberRules {

    private NumberRules() {}

    /** Whether the operator was one of those, all of whose operands are known. */
    static boolean apply(Operator operator, Flow flow) {
        if (operator.outputs().size() != 1) {
            return unpack(operator, flow);
        }
        return switch (operator.name()) {
            case "size" -> size(operator, flow);
            case "len" -> length(operator, flow);
            case "dim" -> rank(operator, flow);
            case "numel" -> elements(operator, flow);
            case "prim.NumToTensor", "Int", "Float", "IntImplicit", "FloatImplicit", "ScalarImplicit", "item" ->
                cast(operator, flow);
            case "__getitem__" -> item(operator, flow);
            case "neg" -> Arithmetic.negative(operator, flow);
            default -> Arithmetic.apply(operator, flow);
        };
    }

    private static boolean size(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        if (input.isEmpty()) {
            return false;
        } else if (operator.arguments().size() == 1) {
            flow.setNumberList(
                    operator,
                    IntStream.range(0, input.get().shape().length)
                            .mapToObj(d -> known(input.get(), d))
                            .toList());
            return true;
        }
        Optional<Integer> dim = flow.dim(operator.argument(1), input.get().shape().length);
        dim.ifPresent(d -> flow.setNumber(operator, known(input.get(), d)));
        return dim.isPresent();
    }

    private static Known known(Item input, int dim) {
        return new Known(input.shape()[dim], counts(input.labels().filter(l -> l.varies(dim)), d -> d == dim));
    }

    private static List<Known.Count> counts(Optional<LabelArray> labels, IntPredicate dims) {
        return labels.map(found -> new Known.Count(found, dims)).stream().toList();
    }

    private static boolean length(Operator operator, Flow flow) {
        Optional<Integer> count = flow.numberList(operator.argument(0))
                .map(List::size)
                .or(() -> flow.items(operator.argument(0)).map(List::size));
        count.ifPresent(n -> flow.setNumber(operator, Known.fixed((long) n)));
        return count.isPresent();
    }

    private static boolean rank(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        input.ifPresent(i -> flow.setNumber(operator, Known.fixed((long) i.shape().length)));
        return input.isPresent();
    }

    private static boolean elements(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        input.ifPresent(i -> flow.setNumber(
                operator,
                new Known(Arrays.stream(i.shape()).reduce(1, Math::multiplyExact), counts(i.labels(), d -> true))));
        return input.isPresent();
    }

    private static boolean cast(Operator operator, Flow flow) {
        Optional<Known> given = flow.number(operator.argument(0));
        boolean toWhole = operator.name().startsWith("Int");
        given.ifPresent(known -> flow.setNumber(
                operator,
                new Known(toWhole ? (Object) Arithmetic.whole(known.value()) : known.value(), known.counts())));
        return given.isPresent();
    }

    private static boolean item(Operator operator, Flow flow) {
        Optional<List<Known>> list = flow.numberList(operator.argument(0));
        Optional<Integer> at = list.flatMap(all -> flow.dim(operator.argument(1), all.size()));
        at.ifPresent(i -> flow.setNumber(operator, list.get().get(i)));
        return at.isPresent();
    }

    private static boolean unpack(Operator operator, Flow flow) {
        Optional<List<Known>> list =
                operator.name().equals("prim.unpack") ? flow.numberList(operator.argument(0)) : Optional.empty();
        if (list.isEmpty() || list.get().size() != operator.outputs().size()) {
            return false;
        }
        for (int i = 0; i < list.get().size(); i++) {
            flow.setNumber(operator.outputs().get(i), list.get().get(i));
        }
        return true;
    }
}
