package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Map;
import java.util.Optional;

/** Operators that work on each element, or each channel, by itself. */
final class ElementwiseRules {
    private static final String UNTRACKED = "is combined with a tensor whose channels are not tracked";

    private ElementwiseRules() {}

    /** One tensor, anything else must be a plain number. */
    static void unary(Operator operator, Flow flow) {
        boolean alone = operator.arguments().stream().skip(1).allMatch(ElementwiseRules::isPlain)
                && operator.named().values().stream().allMatch(ElementwiseRules::isPlain);
        if (!alone || Arguments.tensor(operator.argument(0)).isEmpty()) {
            flow.protectAll(operator, "takes tensors where only numbers are understood");
            return;
        }
        flow.labels(operator.argument(0)).ifPresent(labels -> flow.set(operator, labels));
    }

    private static boolean isPlain(Argument argument) {
        return argument instanceof Argument.Literal
                || argument instanceof Argument.Verbatim
                || (argument instanceof Argument.Sequence sequence
                        && sequence.items().stream().allMatch(ElementwiseRules::isPlain))
                || (argument instanceof Argument.Ref ref && ref.value().type() == Value.Type.OTHER);
    }

    /** Two operands with broadcasting: equal channel dimensions join index by index, scalars pass. */
    static void binary(Operator operator, Flow flow) {
        boolean rest = operator.arguments().stream().skip(2).allMatch(ElementwiseRules::isPlain)
                && operator.named().values().stream().allMatch(ElementwiseRules::isPlain);
        Value output = operator.outputs().isEmpty() ? null : operator.outputs().get(0);
        if (!rest || output == null || output.type() != Value.Type.TENSOR) {
            flow.protectAll(operator, "takes arguments that are not understood");
            return;
        }
        int rank = flow.shape(output).length;
        Operand a = operand(operator.argument(0), flow, rank);
        Operand b = operand(operator.argument(1), flow, rank);
        if (a == null || b == null) {
            flow.protectAll(operator, "takes arguments that are not understood");
            return;
        }
        combine(a, b, operator, flow, rank).ifPresent(labels -> flow.set(operator, labels));
        note(a, b, operator, flow, rank);
        note(b, a, operator, flow, rank);
    }

    /** An operand with its dimensions counted from the output's front. */
    private record Operand(Optional<Parameter> parameter, Optional<Labels> labels, SizeAt size) {}

    private interface SizeAt {
        long of(int outputDim);
    }

    private static Operand operand(Argument argument, Flow flow, int rank) {
        if (argument instanceof Argument.Stored stored) {
            return new Operand(
                    Optional.of(stored.parameter()),
                    Optional.empty(),
                    sizes(stored.parameter().shape(), rank));
        }
        Optional<Value> tensor = Arguments.tensor(argument);
        if (tensor.isPresent()) {
            long[] shape = flow.shape(tensor.get());
            Optional<Labels> labels = flow.labels(argument).map(l -> l.at(l.dim() + rank - shape.length));
            return new Operand(Optional.empty(), labels, sizes(shape, rank));
        }
        boolean number = argument instanceof Argument.Literal
                || (argument instanceof Argument.Ref ref && ref.value().type() == Value.Type.SCALAR);
        return number ? new Operand(Optional.empty(), Optional.empty(), d -> 1) : null;
    }

    private static SizeAt sizes(long[] shape, int rank) {
        return d -> d < rank - shape.length ? 1 : shape[d - (rank - shape.length)];
    }

    private static Optional<Labels> combine(Operand a, Operand b, Operator operator, Flow flow, int rank) {
        if (a.labels().isEmpty() && b.labels().isEmpty()) {
            return Optional.empty();
        } else if (a.labels().isEmpty()) {
            return combine(b, a, operator, flow, rank);
        }
        Labels mine = a.labels().get();
        long others = b.size().of(mine.dim());
        if (b.labels().isPresent() && b.labels().get().dim() == mine.dim() && others == mine.count()) {
            int[] joined = flow.join(mine.of(), b.labels().get().of(), operator, UNTRACKED);
            return Optional.of(new Labels(mine.dim(), joined));
        } else if (b.labels().isPresent()) {
            String reason = "combines tensors whose units lie along different dimensions";
            flow.protect(mine.of(), operator, reason);
            flow.protect(b.labels().get().of(), operator, reason);
            return Optional.empty();
        } else if (b.parameter().isPresent() && others == mine.count()) {
            return Optional.of(mine);
        } else if (others != 1) {
            flow.protect(mine.of(), operator, UNTRACKED);
            return Optional.empty();
        }
        return Optional.of(mine);
    }

    /** A stored operand loses the same indices as the tensor it is combined with. */
    private static void note(Operand stored, Operand other, Operator operator, Flow flow, int rank) {
        if (stored.parameter().isEmpty()) {
            return;
        }
        Parameter parameter = stored.parameter().get();
        int missing = rank - parameter.shape().length;
        Optional<Labels> along =
                other.labels().filter(l -> l.dim() >= missing && parameter.shape()[l.dim() - missing] == l.count());
        flow.record(parameter, along.map(l -> Map.of(l.dim() - missing, l.of())).orElse(Map.of()), operator);
    }

    /** {@code batch_norm} and {@code instance_norm}: four vectors along dimension 1. */
    static void channelNorm(Operator operator, Flow flow) {
        Optional<Labels> labels = flow.labels(operator.argument(0));
        boolean vectors = operator.arguments().stream()
                .skip(1)
                .limit(4)
                .allMatch(v -> Arguments.isNone(v)
                        || Arguments.stored(v)
                                .filter(p -> p.shape().length == 1)
                                .isPresent());
        if (!vectors || labels.filter(l -> l.dim() != 1).isPresent()) {
            flow.protectAll(operator, "a norm that does not run along the units");
            return;
        }
        flow.isWeight(operator.argument(1));
        flow.isWeight(operator.argument(2));
        for (int i = 1; i <= 4; i++) {
            Arguments.stored(operator.argument(i))
                    .ifPresent(vector -> flow.record(
                            vector, labels.map(l -> Map.of(0, l.of())).orElse(Map.of()), operator));
        }
        labels.ifPresent(l -> flow.set(operator, l));
    }

    /** {@code prelu(input, weight)}: one slope for all channels, or one for each. */
    static void prelu(Operator operator, Flow flow) {
        Optional<Labels> labels = flow.labels(operator.argument(0));
        Optional<Parameter> slope = Arguments.stored(operator.argument(1));
        if (slope.isEmpty() || labels.filter(l -> l.dim() != 1).isPresent()) {
            flow.protectAll(operator, "slopes that do not run along the units");
            return;
        }
        flow.isWeight(operator.argument(1));
        long slopes = slope.get().elements();
        flow.record(
                slope.get(),
                labels.filter(l -> slopes == l.count() && slopes > 1)
                        .map(l -> Map.of(0, l.of()))
                        .orElse(Map.of()),
                operator);
        labels.ifPresent(l -> flow.set(operator, l));
    }
}
