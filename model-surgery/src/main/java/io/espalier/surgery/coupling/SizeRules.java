package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.Optional;

/** Sizes read from a tensor at run time: they follow a cut by themselves wherever they are used as they are. */
final class SizeRules {
    private SizeRules() {}

    /** {@code size(input, dim)}: the number of units, or a size that does not change. */
    static void size(Operator operator, Flow flow) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<Labels> labels = flow.labels(operator.argument(0));
        if (labels.isEmpty() || input.isEmpty()) {
            return;
        }
        Optional<Integer> dim = Arguments.dim(operator.argument(1), flow.shape(input.get()).length);
        if (dim.isEmpty()) {
            flow.protectAll(operator, "reads all sizes at once");
        } else if (dim.get() == labels.get().dim()) {
            flow.setCounted(operator, labels.get().of());
        }
    }

    /** Conversions between a number and a tensor of one number. */
    static void pass(Operator operator, Flow flow) {
        flow.counted(operator.argument(0)).ifPresent(counted -> flow.setCounted(operator, counted));
    }

    /** Questions whose answer does not depend on how many units there are. */
    static void ignore(Operator operator, Flow flow) {
        // Nothing flows out, and nothing is fixed by it.
    }
}
