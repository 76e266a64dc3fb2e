package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.Optional;
import java.util.Set;

/**
 * Runs one operator in one pass: by its rule, where there is one and it may be relied on. What else flows into the
 * operator is protected.
 */
final class OperatorRunner {
    /** Their rules see to the numbers that they are given. */
    private static final Set<String> SIZED = Set.of(
            "view",
            "reshape",
            "_unsafe_view",
            "_reshape_alias",
            "unflatten",
            "expand",
            "broadcast_to",
            "slice",
            "narrow",
            "split",
            "split_with_sizes",
            "pad",
            "constant_pad_nd",
            "prim.unpack",
            "__getitem__");

    /** In place, these give the tensor another shape under the names that it had before. */
    private static final Set<String> RESHAPING =
            Set.of("transpose", "t", "squeeze", "unsqueeze", "swapaxes", "swapdims", "resize", "resize_as");

    /** Their rules know a weight that was transposed before. */
    private static final Set<String> MATRIX = Set.of("linear", "addmm", "matmul", "mm");

    private final OperatorRules rules = new OperatorRules();

    void apply(Operator operator, Flow flow) {
        flow.startOperator();
        if (!NumberRules.apply(operator, flow)) {
            follow(operator, flow);
        }
        flow.fixUnrecorded(operator);
        flow.finish(operator);
    }

    private void follow(Operator operator, Flow flow) {
        Optional<OperatorRule> rule = rules.of(operator.plainName());
        if (computesNumber(operator)) {
            UnitCounts.keep(operator, flow);
        } else if (rule.isEmpty() || operator.outputs().isEmpty()) {
            flow.protectAll(operator, "the operator is not known");
        } else if (operator.named().containsKey("out")) {
            // The tensor may have been seen in other ways before, and those would keep its size.
            flow.protectAll(operator, "writes its result into a tensor that is there already");
        } else if (operator.isInPlace()
                && Arguments.stored(operator.argument(0)).isPresent()) {
            flow.protectAll(operator, "writes into a stored tensor");
        } else if (operator.isInPlace() && RESHAPING.contains(operator.plainName())) {
            flow.protectAll(operator, "changes the shape of a tensor in place");
        } else if (!MATRIX.contains(operator.name())
                && Arguments.all(operator).anyMatch(a -> flow.transposed(a).isPresent())) {
            flow.protectAll(operator, "uses a transposed weight");
        } else {
            if (!SIZED.contains(operator.name())) {
                UnitCounts.keep(operator, flow);
            }
            rule.get().apply(operator, flow);
            UnitCounts.check(operator, flow);
        }
    }

    /** Whether numbers only go in and one comes out, whatever the operator does with them. */
    private static boolean computesNumber(Operator operator) {
        return operator.outputs().size() == 1
                && operator.outputs().get(0).type() == Value.Type.SCALAR
                && Arguments.all(operator)
                        .noneMatch(a -> Arguments.isTensor(a)
                                || (a instanceof Argument.Ref ref && ref.value().type() == Value.Type.TENSOR_LIST));
    }
}
