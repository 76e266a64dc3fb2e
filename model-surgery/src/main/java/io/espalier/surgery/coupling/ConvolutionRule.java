package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Convolutions make units by filters and read units by input channels; a depthwise one passes them on. */
final class ConvolutionRule implements OperatorRule {
    private final int groupsAt;
    private final int transposedAt;
    private final boolean alwaysTransposed;

    /** Where the arguments are that say how many groups and whether transposed; -1 for a kind without the latter. */
    ConvolutionRule(int groupsAt, int transposedAt, boolean alwaysTransposed) {
        this.groupsAt = groupsAt;
        this.transposedAt = transposedAt;
        this.alwaysTransposed = alwaysTransposed;
    }

    @Override
    public void apply(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<Parameter> weight = Arguments.stored(operator.argument(1));
        Optional<Long> groups = Arguments.integer(operator.argument(groupsAt));
        Argument bias = operator.argument(2);
        if (input.isEmpty() || weight.isEmpty() || groups.isEmpty() || !isStoredOrNone(bias)) {
            flow.protectAll(operator, "a convolution whose weight, bias or groups are computed");
            return;
        }
        flow.isWeight(operator.argument(1));
        flow.isWeight(bias);
        boolean transposed =
                alwaysTransposed || (transposedAt >= 0 && Arguments.isTrue(operator.argument(transposedAt)));
        long[] shape = flow.shape(input.get());
        int channelDim = shape.length - (weight.get().shape().length - 2) - 1;
        Labels read = flow.labels(input.get()).orElse(new Labels(channelDim, new int[(int) shape[channelDim]]));
        if (read.dim() != channelDim) {
            flow.protectAll(operator, "a convolution over the dimension of the units");
            return;
        }
        if (groups.get() == 1) {
            plain(operator, flow, weight.get(), read, transposed);
        } else if (!transposed
                && groups.get() == shape[channelDim]
                && weight.get().shape()[1] == 1) {
            depthwise(operator, flow, weight.get(), read);
        } else {
            grouped(operator, flow, weight.get(), read, transposed);
        }
    }

    private static boolean isStoredOrNone(Argument argument) {
        return argument instanceof Argument.Stored || Arguments.isNone(argument);
    }

    private static void plain(Operator operator, Flow flow, Parameter weight, Labels read, boolean transposed) {
        int out = transposed ? 1 : 0;
        int[] made = flow.fresh(operator, weight, out);
        flow.consumes(weight, 1 - out);
        flow.record(weight, Map.of(out, made, 1 - out, read.of()), operator);
        bias(operator, flow, made);
        flow.set(operator, new Labels(read.dim(), made));
    }

    private void depthwise(Operator operator, Flow flow, Parameter weight, Labels read) {
        int count = (int) weight.shape()[0];
        int multiplier = count / read.count();
        int[] passed = new int[count];
        for (int i = 0; i < count; i++) {
            passed[i] = read.of()[i / multiplier];
        }
        flow.produces(weight, 0);
        flow.record(weight, Map.of(0, passed), operator);
        bias(operator, flow, passed);
        if (flow.labels(operator.argument(0)).isPresent()) {
            flow.count(operator.argument(groupsAt), read.of(), operator);
        }
        flow.set(operator, new Labels(read.dim(), passed));
    }

    private static void grouped(Operator operator, Flow flow, Parameter weight, Labels read, boolean transposed) {
        String reason = "a grouped convolution, each group of which must keep equally many";
        flow.protect(read.of(), operator, reason);
        if (transposed) {
            flow.protectAll(operator, reason);
            return;
        }
        int[] made = flow.fresh(operator, weight, 0);
        flow.protect(made, operator, reason);
        flow.record(weight, Map.of(0, made), operator);
        bias(operator, flow, made);
        flow.set(operator, new Labels(read.dim(), made));
    }

    private static void bias(Operator operator, Flow flow, int[] made) {
        Arguments.stored(operator.argument(2)).ifPresent(bias -> {
            Map<Integer, int[]> dims = new HashMap<>();
            dims.put(0, made);
            flow.record(bias, dims, operator);
        });
    }
}
