package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.List;
import java.util.Optional;

/** Operators that take tensors out of a list, and how parts become one. */
final class ListRules {
    private ListRules() {}

    /** Parts go to as many outputs, or to one list. */
    static void setParts(Operator operator, Flow flow, List<Item> parts) {
        List<Value> outputs = operator.outputs();
        if (outputs.size() == 1 && outputs.get(0).type() == Value.Type.TENSOR_LIST) {
            flow.setList(operator, parts);
        } else if (outputs.size() == parts.size()) {
            for (int i = 0; i < parts.size(); i++) {
                Value output = outputs.get(i);
                parts.get(i).labels().ifPresent(labels -> flow.set(operator, output, labels));
            }
        } else {
            parts.forEach(part -> part.labels()
                    .ifPresent(l -> flow.protect(l.cells(), operator, "has another number of parts than are taken")));
        }
    }

    /** {@code prim.unpack(list)}. */
    static void unpack(Operator operator, Flow flow) {
        flow.items(operator.argument(0))
                .ifPresentOrElse(
                        items -> setParts(operator, flow, items),
                        () -> flow.protectAll(operator, "unpacks something that is not understood"));
    }

    /** {@code list[index]}. */
    static void item(Operator operator, Flow flow) {
        Optional<List<Item>> items = flow.items(operator.argument(0));
        Optional<Integer> at = items.flatMap(list -> flow.dim(operator.argument(1), list.size()));
        if (at.isEmpty()) {
            flow.protectAll(operator, "takes an item of something that is not understood");
            return;
        }
        items.get().get(at.get()).labels().ifPresent(labels -> flow.set(operator, labels));
    }
}
