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

/**
 * Convolutions make units by filters and read units by input channels. A depthwise one passes them on; one in groups makes
 * and reads blocks, each of which must keep equally many, though not the same ones.
 */
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
        Optional<long[]> input = Arguments.tensor(operator.argument(0)).map(flow::shape);
        Optional<Parameter> weight = Arguments.stored(operator.argument(1));
        Argument given = Arguments.get(operator, groupsAt, "groups");
        Optional<Long> groups = Arguments.isNone(given) ? Optional.of(1L) : flow.integer(given);
        if (input.isEmpty()
                || weight.isEmpty()
                || groups.isEmpty()
                || !Arguments.isStoredOrNone(operator.argument(2))) {
            flow.protectAll(operator, "a convolution whose weight, bias or groups are computed");
            return;
        }
        int channelDim = input.get().length - (weight.get().shape().length - 2) - 1;
        Optional<LabelArray> labels =
                flow.along(channelDim, operator.argument(0), operator, "a convolution over the dimension of the units");
        flow.isWeight(operator.argument(1));
        flow.isWeight(operator.argument(2));
        boolean transposed =
                alwaysTransposed || (transposedAt >= 0 && Arguments.is(operator.argument(transposedAt), true));
        int channels = Math.toIntExact(input.get()[channelDim]);
        int[] read = labels.map(l -> l.line(channelDim, channels)).orElse(new int[channels]);
        long[] shape = weight.get().shape();
        int surveyedGroups = (int) flow.noted(operator, 0, groups.get())[0];
        int[] made;
        if (surveyedGroups == 1) {
            made = plain(operator, flow, weight.get(), read, transposed);
        } else if (surveyedGroups == shape[0] && transposed && shape[1] == 1) {
            made = read;
            flow.record(weight.get(), Map.of(0, read), operator);
            follow(operator, flow, labels.isPresent(), read.length);
        } else if (!transposed && shape[1] == 1) {
            made = depthwise(operator, flow, weight.get(), read, surveyedGroups);
            follow(operator, flow, labels.isPresent(), read.length);
        } else if (transposed) {
            flow.protectAll(operator, "a transposed convolution in groups of several channels");
            return;
        } else {
            made = grouped(operator, flow, weight.get(), read, surveyedGroups);
        }
        Arguments.stored(operator.argument(2)).ifPresent(bias -> flow.record(bias, Map.of(0, made), operator));
        flow.set(operator, LabelArray.along(input.get().length, channelDim, made));
    }

    private void follow(Operator operator, Flow flow, boolean tracked, int channels) {
        if (tracked) {
            flow.require(operator, new Place(groupsAt, "groups"), channels);
        }
    }

    private static int[] plain(Operator operator, Flow flow, Parameter weight, int[] read, boolean transposed) {
        int out = transposed ? 1 : 0;
        int[] made = flow.made(operator, weight, out);
        flow.consumes(weight, 1 - out);
        flow.record(weight, Map.of(out, made, 1 - out, read), operator);
        return made;
    }

    private static int[] depthwise(Operator operator, Flow flow, Parameter weight, int[] read, int channels) {
        int multiplier = (int) weight.shape()[0] / channels;
        int[] passed = new int[read.length * multiplier];
        Arrays.setAll(passed, i -> read[i / multiplier]);
        flow.produces(weight, 0);
        flow.record(weight, Map.of(0, passed), operator);
        return passed;
    }

    /** The second dimension of the weight holds, for each block of filters, the channels of that block. */
    private static int[] grouped(Operator operator, Flow flow, Parameter weight, int[] read, int groups) {
        int[] made = flow.made(operator, weight, 0);
        flow.consumes(weight, 1);
        flow.record(weight, Map.of(0, made, 1, read), operator);
        flow.balance(operator, blocks(read, groups));
        flow.balance(operator, blocks(made, groups));
        return made;
    }

    private static List<int[]> blocks(int[] labels, int count) {
        int size = labels.length / count;
        List<int[]> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(Arrays.copyOfRange(labels, i * size, (i + 1) * size));
        }
        return blocks;
    }
}
