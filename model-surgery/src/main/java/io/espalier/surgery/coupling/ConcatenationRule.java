package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code cat(tensors, dim)}: along the units their labels follow each other, along another dimension they join. */
final class ConcatenationRule implements OperatorRule {
    @Override
    public void apply(Operator operator, Flow flow) {
        List<Argument> items = operator.argument(0) instanceof Argument.Sequence list ? list.items() : List.of();
        Value output = operator.outputs().isEmpty() ? null : operator.outputs().get(0);
        boolean tensors = !items.isEmpty()
                && output != null
                && items.stream()
                        .allMatch(item -> Arguments.tensor(item)
                                .filter(v -> flow.shape(v).length == flow.shape(output).length)
                                .isPresent());
        Optional<Integer> dim = tensors
                ? Arguments.dim(Arguments.get(operator, 1, "dim"), flow.shape(output).length)
                : Optional.empty();
        if (dim.isEmpty()) {
            flow.protectAll(operator, "a concatenation of what is not a plain list of tensors");
            return;
        }
        List<Optional<Labels>> labels = items.stream().map(flow::labels).toList();
        List<Labels> tracked = labels.stream().flatMap(Optional::stream).toList();
        if (tracked.isEmpty()) {
            return;
        }
        if (tracked.stream().allMatch(l -> l.dim() == dim.get())) {
            flow.set(operator, new Labels(dim.get(), inOrder(items, labels, flow, dim.get())));
        } else if (tracked.size() == items.size()
                && tracked.stream().allMatch(l -> l.dim() == tracked.get(0).dim())) {
            int[] joined = tracked.get(0).of();
            for (Labels other : tracked) {
                joined = flow.join(joined, other.of(), operator, "is concatenated with untracked channels");
            }
            flow.set(operator, new Labels(tracked.get(0).dim(), joined));
        } else {
            flow.protectAll(operator, "is concatenated with tensors whose channels are not tracked alike");
        }
    }

    private static int[] inOrder(List<Argument> items, List<Optional<Labels>> labels, Flow flow, int dim) {
        int[] all = new int[0];
        for (int i = 0; i < items.size(); i++) {
            int size = (int) flow.shape(Arguments.tensor(items.get(i)).orElseThrow())[dim];
            int[] part = labels.get(i).map(Labels::of).orElse(new int[size]);
            int from = all.length;
            all = Arrays.copyOf(all, from + part.length);
            System.arraycopy(part, 0, all, from, part.length);
        }
        return all;
    }
}
