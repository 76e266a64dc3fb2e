package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins operands element by element, as broadcasting lines them up: sizes are counted from the last dimension. */
final class Broadcast {
    private static final String UNTRACKED = "is combined with a tensor whose channels are not tracked";
    private static final String CROSSED = "combines tensors whose units lie along different dimensions";

    private final Operator operator;
    private final Flow flow;
    private final int rank;

    /** {@code rank}: dimensions of the result. */
    Broadcast(Operator operator, Flow flow, int rank) {
        this.operator = operator;
        this.flow = flow;
        this.rank = rank;
    }

    /** The labels of the result; empty when nothing in it may go. */
    Optional<LabelArray> join(List<Argument> operands) {
        List<Item> items = new ArrayList<>();
        operands.forEach(operand -> flow.item(operand)
                .filter(item -> !(operand instanceof Argument.Stored))
                .ifPresent(items::add));
        boolean[] varied = varied(items);
        for (Argument operand : operands) {
            Arguments.stored(operand).flatMap(p -> data(p, varied)).ifPresent(items::add);
        }
        return joinItems(items);
    }

    Optional<LabelArray> joinItems(List<Item> items) {
        boolean[] varied = varied(items);
        if (!anyOf(varied)) {
            return Optional.empty();
        }
        LabelArray result = null;
        Optional<Item> unfit =
                items.stream().filter(item -> !fits(item, varied)).findFirst();
        if (unfit.isPresent()) {
            String reason = unfit.get().labels().isPresent() ? CROSSED : UNTRACKED;
            items.forEach(item -> item.labels().ifPresent(l -> flow.protect(l.cells(), operator, reason)));
            return Optional.empty();
        }
        for (Item item : items) {
            if (item.labels().isPresent()) {
                LabelArray labels = item.labels().get().leftPadded(rank);
                result = result == null ? labels : joined(result, labels);
            }
        }
        return Optional.ofNullable(result);
    }

    private LabelArray joined(LabelArray a, LabelArray b) {
        int[] sizes = new int[rank];
        for (int d = 0; d < rank; d++) {
            if (a.size(d) != b.size(d) && a.size(d) != 1 && b.size(d) != 1) {
                throw new IllegalArgumentException(operator.name() + " at " + operator.place() + " combines "
                        + a.size(d) + " channels with " + b.size(d));
            }
            sizes[d] = Math.max(a.size(d), b.size(d));
        }
        return flow.joined(a.expanded(sizes), b.expanded(sizes), operator, UNTRACKED);
    }

    /** Dimensions of the result along which some operand's labels change. */
    private boolean[] varied(List<Item> items) {
        boolean[] varied = new boolean[rank];
        for (Item item : items) {
            item.labels().map(l -> l.leftPadded(rank)).ifPresent(l -> {
                for (int d = 0; d < rank; d++) {
                    varied[d] |= l.varies(d);
                }
            });
        }
        return varied;
    }

    /** Whether an operand has either labels or one index wherever labels of others change. */
    private boolean fits(Item item, boolean[] varied) {
        int missing = rank - item.shape().length;
        for (int d = 0; d < rank; d++) {
            boolean own = item.labels().isPresent()
                    && d >= missing
                    && item.labels().get().varies(d - missing);
            if (varied[d] && !own && d >= missing && item.shape()[d - missing] != 1) {
                return false;
            }
        }
        return true;
    }

    /** A stored operand goes along the dimension that changes, if there is one in which it has more than one index. */
    private Optional<Item> data(Parameter parameter, boolean[] varied) {
        long[] shape = parameter.shape();
        int missing = rank - shape.length;
        int found = -1;
        for (int d = 0; d < shape.length; d++) {
            if (varied[d + missing] && shape[d] != 1) {
                if (found >= 0) {
                    flow.record(parameter, Map.of(), operator);
                    return Optional.of(new Item(Optional.empty(), shape));
                }
                found = d;
            }
        }
        if (found < 0) {
            return Optional.empty();
        }
        int[] labels = flow.data(operator, parameter, found);
        shape[found] = labels.length;
        return Optional.of(new Item(Optional.of(LabelArray.along(shape.length, found, labels)), shape));
    }

    private static boolean anyOf(boolean[] some) {
        for (boolean one : some) {
            if (one) {
                return true;
            }
        }
        return false;
    }
}
