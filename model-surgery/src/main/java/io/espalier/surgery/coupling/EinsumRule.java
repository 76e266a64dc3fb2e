package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Equation;
import io.espalier.surgery.graph.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code einsum(equation, tensors)} of computed tensors: as a product of attention, for any order of dimensions. */
final class EinsumRule {
    private EinsumRule() {}

    static void apply(Operator operator, Flow flow) {
        Optional<Equation> equation = Equation.of(operator.argument(0));
        Optional<List<Item>> items = flow.items(operator.argument(1));
        if (equation.isEmpty()
                || items.isEmpty()
                || items.get().size() != equation.get().operands().size()
                || Arguments.all(operator).anyMatch(Argument.Stored.class::isInstance)) {
            flow.protectAll(operator, "an equation that is not understood");
            return;
        }
        String result = equation.get().result();
        List<Item> placed = new ArrayList<>();
        for (int i = 0; i < items.get().size(); i++) {
            placed.add(placed(items.get().get(i), equation.get().operands().get(i), result, operator, flow));
        }
        new Broadcast(operator, flow, result.length())
                .joinItems(placed)
                .ifPresent(labels -> flow.set(operator, labels));
    }

    /** The operand as it lines up with the result; what is summed over is mixed, and has no dimension there. */
    private static Item placed(Item item, String letters, String result, Operator operator, Flow flow) {
        long[] shape = new long[result.length()];
        for (int d = 0; d < shape.length; d++) {
            int at = letters.indexOf(result.charAt(d));
            shape[d] = at < 0 ? 1 : item.shape()[at];
        }
        Optional<LabelArray> labels = item.labels()
                .flatMap(l -> flow.mixed(
                        l, d -> result.indexOf(letters.charAt(d)) < 0, operator, "a sum of products over the units"));
        return new Item(labels.map(l -> turned(l, letters, result)), shape);
    }

    private static LabelArray turned(LabelArray labels, String letters, String result) {
        StringBuilder left = new StringBuilder(letters);
        LabelArray turned = labels;
        for (int d = letters.length() - 1; d >= 0; d--) {
            if (result.indexOf(letters.charAt(d)) < 0) {
                turned = turned.selected(d, 0);
                left.deleteCharAt(d);
            }
        }
        int[] order = result.chars()
                .map(letter -> left.indexOf(Character.toString(letter)))
                .filter(d -> d >= 0)
                .toArray();
        turned = turned.permuted(order);
        for (int d = 0; d < result.length(); d++) {
            turned = left.indexOf(result.substring(d, d + 1)) < 0 ? turned.inserted(d) : turned;
        }
        return turned;
    }
}
