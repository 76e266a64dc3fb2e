package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Matrix products with a stored weight: units are made by its outputs and read by its inputs. */
final class LinearRule implements OperatorRule {
    private final int inputAt;
    private final int weightAt;
    private final int biasAt;
    private final boolean outputsFirst;

    private LinearRule(int inputAt, int weightAt, int biasAt, boolean outputsFirst) {
        this.inputAt = inputAt;
        this.weightAt = weightAt;
        this.biasAt = biasAt;
        this.outputsFirst = outputsFirst;
    }

    /** {@code linear(input, weight [out, in], bias)}. */
    static LinearRule linear() {
        return new LinearRule(0, 1, 2, true);
    }

    /** {@code addmm(bias, input, weight [in, out])}. */
    static LinearRule addmm() {
        return new LinearRule(1, 2, 0, false);
    }

    /** {@code matmul(input, weight [in, out])}; a product of two computed tensors is that of attention. */
    static OperatorRule matmul() {
        LinearRule byWeight = new LinearRule(0, 1, -1, false);
        return (operator, flow) -> {
            Argument right = operator.argument(1);
            if (flow.transposed(right).isPresent()
                    || Arguments.stored(right)
                            .filter(w -> w.shape().length == 2)
                            .isPresent()) {
                byWeight.apply(operator, flow);
            } else {
                AttentionRules.product(operator, flow);
            }
        };
    }

    @Override
    public void apply(Operator operator, Flow flow) {
        Argument weightArgument = operator.argument(weightAt);
        Optional<Parameter> turned = flow.transposed(weightArgument);
        Optional<Parameter> weight = Arguments.stored(weightArgument).or(() -> turned);
        Optional<long[]> input = Arguments.tensor(operator.argument(inputAt)).map(flow::shape);
        Argument bias = biasAt < 0 ? operator.argument(Integer.MAX_VALUE) : operator.argument(biasAt);
        boolean plainBias = Arguments.isNone(bias)
                || Arguments.stored(bias).filter(b -> b.shape().length == 1).isPresent();
        if (weight.isEmpty()
                || weight.get().shape().length != 2
                || input.isEmpty()
                || flow.transposed(operator.argument(inputAt)).isPresent()
                || !plainBias
                || isScaled(operator)) {
            flow.protectAll(operator, "a product of two computed tensors");
            return;
        }
        flow.isWeight(new Argument.Stored(weight.get()));
        flow.isWeight(bias);
        int out = outputsFirst == turned.isEmpty() ? 0 : 1;
        int last = input.get().length - 1;
        Optional<LabelArray> labels = flow.labels(operator.argument(inputAt));
        if (labels.filter(l -> l.variesAlong(d -> d != last)).isPresent()) {
            rows(operator, flow, labels.get(), last);
            return;
        }
        int[] read = labels.map(l -> l.line(last, (int) input.get()[last])).orElse(new int[(int) input.get()[last]]);
        int[] made = flow.made(operator, weight.get(), out);
        flow.consumes(weight.get(), 1 - out);
        flow.record(weight.get(), Map.of(out, made, 1 - out, read), operator);
        Arguments.stored(bias).ifPresent(b -> flow.record(b, Map.of(0, sized(made, b)), operator));
        int rank = flow.shape(operator.outputs().get(0)).length;
        flow.set(operator, LabelArray.along(rank, rank - 1, made));
    }

    /** Units along other dimensions than that of the product, such as heads: rows, which pass. The weight stays whole. */
    private static void rows(Operator operator, Flow flow, LabelArray labels, int last) {
        flow.mixed(labels, d -> d == last, operator, "a matrix product that mixes units")
                .ifPresent(rows -> flow.set(operator, rows));
    }

    /** A bias of one element is spread over all units and keeps its size. */
    private static int[] sized(int[] made, Parameter bias) {
        return bias.shape()[0] == 1 ? new int[1] : made;
    }

    private static boolean isScaled(Operator operator) {
        return operator.named().values().stream().anyMatch(factor -> !Arguments.is(factor, 1L));
    }

    /** Notes that {@code t(weight)} and {@code transpose(weight, 0, 1)} are the weight seen from its other side. */
    static void transpose(Operator operator, Flow flow) {
        Optional<Parameter> weight = Arguments.stored(operator.argument(0)).filter(w -> w.shape().length == 2);
        boolean swaps = operator.arguments().size() == 1
                || Arrays.equals(
                        operator.arguments().stream()
                                .skip(1)
                                .map(d -> flow.dim(d, 2).orElse(-1))
                                .sorted()
                                .toArray(),
                        new Object[] {0, 1});
        if (weight.isPresent() && swaps) {
            flow.setTransposed(operator.outputs().get(0), weight.get());
        } else {
            ShapeRules.transpose(operator, flow);
        }
    }

    /** {@code embedding(weight [rows, units], indices)}: a row for each index, so units are made by its columns. */
    static void embedding(Operator operator, Flow flow) {
        Optional<Parameter> weight = Arguments.stored(operator.argument(0)).filter(w -> w.shape().length == 2);
        if (weight.isEmpty()) {
            flow.protectAll(operator, "looks up rows of what is not a stored table");
            return;
        }
        flow.labels(operator.argument(1))
                .ifPresent(l -> flow.protect(l.cells(), operator, "are what rows are looked up by"));
        flow.isWeight(operator.argument(0));
        int[] made = flow.made(operator, weight.get(), 1);
        flow.record(weight.get(), Map.of(1, made), operator);
        int rank = flow.shape(operator.outputs().get(0)).length;
        flow.set(operator, LabelArray.along(rank, rank - 1, made));
    }
}
