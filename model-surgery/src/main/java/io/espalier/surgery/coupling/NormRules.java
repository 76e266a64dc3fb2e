package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.Map;
import java.util.Optional;

/** Norms: along the units, in groups of them, or over them. */
final class NormRules {
    private static final String OTHERWISE = "a norm that does not run along the units";

    private NormRules() {}

    /** {@code batch_norm} and {@code instance_norm}: four vectors along dimension 1. */
    static void channelNorm(Operator operator, Flow flow) {
        boolean vectors = operator.arguments().stream()
                .skip(1)
                .limit(4)
                .allMatch(v -> Arguments.isNone(v)
                        || Arguments.stored(v)
                                .filter(p -> p.shape().length == 1)
                                .isPresent());
        if (!vectors) {
            flow.protectAll(operator, OTHERWISE);
            return;
        }
        Optional<LabelArray> labels = flow.along(1, operator.argument(0), operator, OTHERWISE);
        flow.isWeight(operator.argument(1));
        flow.isWeight(operator.argument(2));
        for (int i = 1; i <= 4; i++) {
            Arguments.stored(operator.argument(i)).ifPresent(vector -> perChannel(vector, labels, operator, flow));
        }
        labels.ifPresent(l -> flow.set(operator, l));
    }

    /** A vector with one element for each index of dimension 1. */
    static void perChannel(Parameter vector, Optional<LabelArray> labels, Operator operator, Flow flow) {
        flow.record(vector, labels.map(l -> Map.of(0, l.line(1, l.size(1)))).orElse(Map.of()), operator);
    }

    /** {@code layer_norm(input, normalized_shape, weight, bias)}: its mean and variance are over the last dimensions. */
    static void layerNorm(Operator operator, Flow flow) {
        Optional<Item> input = flow.item(operator.argument(0));
        if (input.isEmpty() || !(operator.argument(1) instanceof Argument.Sequence normalized)) {
            flow.protectAll(operator, "normalises over sizes that are computed");
            return;
        }
        flow.isWeight(operator.argument(2));
        flow.isWeight(operator.argument(3));
        int first = input.get().shape().length - normalized.items().size();
        ReductionRules.mix(
                operator, flow, d -> d >= first, "normalises over the units: mean and variance would change");
    }

    /** {@code group_norm(input, groups, weight, bias)}: whole groups may go. */
    static void groupNorm(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Optional<Item> input = flow.item(operator.argument(0));
        Optional<Long> groups = flow.integer(operator.argument(1));
        if (labels.isEmpty() || input.isEmpty()) {
            return;
        } else if (groups.isEmpty()
                || labels.get().variesAlong(d -> d != 1)
                || !Arguments.isStoredOrNone(operator.argument(2))
                || !Arguments.isStoredOrNone(operator.argument(3))) {
            flow.protectAll(operator, OTHERWISE);
            return;
        }
        flow.isWeight(operator.argument(2));
        flow.isWeight(operator.argument(3));
        int channels = labels.get().size(1);
        int before = (int) flow.noted(operator, 0, groups.get())[0];
        int inGroup = (int) flow.noted(operator, 1, channels / groups.get())[0];
        if (channels % inGroup != 0 || channels / inGroup > before) {
            throw new Inconsistent(operator, "would have groups of unequal size");
        }
        int[] line = labels.get().line(1, channels);
        if (inGroup > 1) {
            int[] heads = line.clone();
            for (int i = 0; i < heads.length; i++) {
                heads[i] = line[i / inGroup * inGroup];
            }
            flow.joined(
                    LabelArray.along(1, 0, line), LabelArray.along(1, 0, heads), operator, "normalises within groups");
        }
        flow.require(operator, new Place(1, "num_groups"), channels / inGroup);
        for (int i = 2; i <= 3; i++) {
            Optional<Parameter> vector = Arguments.stored(operator.argument(i));
            vector.ifPresent(v -> flow.record(v, Map.of(0, line), operator));
        }
        flow.set(operator, labels.get());
    }
}
