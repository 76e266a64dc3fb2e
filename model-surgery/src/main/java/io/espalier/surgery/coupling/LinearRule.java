package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
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

    /** {@code matmul(input, weight [in, out])}. */
    static LinearRule matmul() {
        return new LinearRule(0, 1, -1, false);
    }

    @Override
    public void apply(Operator operator, Flow flow) {
        Argument weightArgument = operator.argument(weightAt);
        Optional<Parameter> turned = flow.transposed(weightArgument);
        Optional<Parameter> weight = Arguments.stored(weightArgument).or(() -> turned);
        Optional<Value> input = Arguments.tensor(operator.argument(inputAt));
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
        int out = outputsFirst == turned.isEmpty() ? 0 : 1;
        int last = flow.shape(input.get()).length - 1;
        Labels read = flow.labels(input.get()).orElse(new Labels(last, new int[(int) flow.shape(input.get())[last]]));
        if (read.dim() != last) {
            flow.protectAll(operator, "a matrix product that keeps the dimension of the units as rows");
            return;
        }
        weight.ifPresent(w -> flow.isWeight(new Argument.Stored(w)));
        flow.isWeight(bias);
        int[] made = flow.fresh(operator, weight.get(), out);
        flow.consumes(weight.get(), 1 - out);
        flow.record(weight.get(), Map.of(out, made, 1 - out, read.of()), operator);
        Arguments.stored(bias).ifPresent(b -> flow.record(b, Map.of(0, sized(made, b)), operator));
        flow.set(operator, new Labels(flow.shape(operator.outputs().get(0)).length - 1, made));
    }

    /** A bias of one element is spread over all units and keeps its size. */
    private static int[] sized(int[] made, Parameter bias) {
        return bias.shape()[0] == made.length ? made : new int[(int) bias.shape()[0]];
    }

    private static boolean isScaled(Operator operator) {
        return operator.named().values().stream()
                .anyMatch(factor -> !Arguments.integer(factor).equals(Optional.of(1L)));
    }

    /** Notes that {@code t(weight)} and {@code transpose(weight, 0, 1)} are the weight seen from its other side. */
    static void transpose(Operator operator, Flow flow) {
        Optional<Parameter> weight = Arguments.stored(operator.argument(0)).filter(w -> w.shape().length == 2);
        boolean swaps = operator.arguments().size() == 1
                || Arrays.equals(
                        operator.arguments().stream()
                                .skip(1)
                                .map(d -> Arguments.dim(d, 2).orElse(-1))
                                .sorted()
                                .toArray(),
                        new Object[] {0, 1});
        if (weight.isPresent() && swaps) {
            flow.setTransposed(operator.outputs().get(0), weight.get());
        } else {
            LayoutRule.transpose(operator, flow);
        }
    }
}
