package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.List;
import java.util.Optional;

/** Operators that work on each element, or each channel, by itself. */
final class ElementwiseRules {

    private ElementwiseRules() {}

    /** Any number of tensors, joined index by index with broadcasting; all else must be plain. */
    static void combine(Operator operator, Flow flow) {
        List<Argument> operands =
                Arguments.all(operator).filter(Arguments::isTensor).toList();
        boolean plain =
                Arguments.all(operator).filter(a -> !operands.contains(a)).allMatch(ElementwiseRules::isPlain);
        Value output = operator.outputs().get(0);
        if (!plain || output.type() != Value.Type.TENSOR) {
            flow.protectAll(operator, "takes arguments that are not understood");
            return;
        }
        new Broadcast(operator, flow, flow.shape(output).length)
                .join(operands)
                .ifPresent(labels -> flow.set(operator, labels));
    }

    private static boolean isPlain(Argument argument) {
        return argument instanceof Argument.Literal
                || argument instanceof Argument.Verbatim
                || (argument instanceof Argument.Ref ref
                        && (ref.value().type() == Value.Type.OTHER
                                || ref.value().type() == Value.Type.SCALAR));
    }

    /** The first operand in another type or place: {@code to}, {@code contiguous}. */
    static void first(Operator operator, Flow flow) {
        if (Arguments.tensor(operator.argument(0)).isEmpty()) {
            flow.protectAll(operator, "takes arguments that are not understood");
            return;
        }
        flow.labels(operator.argument(0)).ifPresent(labels -> flow.set(operator, labels));
    }

    /** {@code prelu(input, weight)}: one slope for all channels, or one for each. */
    static void prelu(Operator operator, Flow flow) {
        Optional<Parameter> slope = Arguments.stored(operator.argument(1));
        if (slope.isEmpty()) {
            flow.protectAll(operator, "slopes that are computed");
            return;
        }
        flow.isWeight(operator.argument(1));
        boolean several = slope.get().elements() > 1;
        Optional<LabelArray> labels = several
                ? flow.along(1, operator.argument(0), operator, "slopes that do not run along the units")
                : flow.labels(operator.argument(0));
        if (several) {
            NormRules.perChannel(slope.get(), labels, operator, flow);
        }
        labels.ifPresent(l -> flow.set(operator, l));
    }
}
