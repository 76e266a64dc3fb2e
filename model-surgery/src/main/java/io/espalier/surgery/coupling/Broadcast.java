package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
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
    private final Alignment alignment;
    private final HeadTables tables;

    /** {@code rank}: dimensions of the result. */
    Broadcast(Operator operator, Flow flow, int rank) {
        this.operator = operator;
        this.flow = flow;
        this.rank = rank;
        this.alignment = new Alignment(rank);
        this.tables = new HeadTables(operator, flow, alignment);
    }

    /** The labels of the result; empty when nothing in it may go. */
    Optional<LabelArray> join(List<Argument> operands) {
        List<Item> items = new ArrayList<>();
        List<Parameter> stored = new ArrayList<>();
        for (Argument operand : operands) {
            Optional<Parameter> parameter = Arguments.stored(operand);
            parameter.ifPresent(stored::add);
            flow.item(operand).filter(item -> parameter.isEmpty()).ifPresent(items::add);
        }
        stored.forEach(parameter -> tables.keepWhole(parameter, items));
        if (items.stream().allMatch(item -> item.labels().isEmpty())) {
            ofStoredAlone(stored, items).ifPresent(items::add);
        }
        boolean[] varied = alignment.varied(items);
        stored.forEach(parameter -> data(parameter, varied).ifPresent(items::add));
        return joinItems(items);
    }

    /** What is computed from stored tensors alone, such as a gate's sigmoid, goes with what it is combined with later. */
    private Optional<Item> ofStoredAlone(List<Parameter> stored, List<Item> items) {
        for (Parameter parameter : stored) {
            long[] shape = parameter.shape();
            Item plain = new Item(Optional.empty(), shape);
            for (int d = shape.length - 1; d >= 0; d--) {
                int at = d + rank - shape.length;
                boolean alone = items.stream().allMatch(item -> alignment.size(item, at) == 1);
                if (alone && alignment.size(plain, at) > 1 && !ShapeRules.INDICES.contains(parameter.type())) {
                    int[] labels = flow.data(operator, parameter, d);
                    shape[d] = labels.length;
                    return Optional.of(new Item(Optional.of(LabelArray.along(shape.length, d, labels)), shape));
                }
            }
        }
        return Optional.empty();
    }

    Optional<LabelArray> joinItems(List<Item> items) {
        List<Item> fitting = new ArrayList<>(items);
        tables.keepApart(fitting);
        while (dropUnfit(fitting)) {
            // What was taken out may be what another one does not fit.
        }
        LabelArray result = null;
        for (Item item : fitting) {
            if (item.labels().isPresent()) {
                LabelArray labels = item.labels().get().leftPadded(rank);
                result = result == null ? labels : joined(result, labels);
            }
        }
        return Optional.ofNullable(result);
    }

    /** Takes the labels of one that changes where another one does not, and says whether there was one. */
    private boolean dropUnfit(List<Item> items) {
        for (int i = 0; i < items.size(); i++) {
            for (Item other : items) {
                Item item = items.get(i);
                if (item.labels().isPresent() && !fits(item, other)) {
                    String reason = other.labels().isPresent() ? CROSSED : UNTRACKED;
                    flow.protect(item.labels().get().cells(), operator, reason);
                    items.set(i, new Item(Optional.empty(), item.shape()));
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the other one changes, or has one index, wherever this one changes, or else only where this one does. */
    private boolean fits(Item item, Item other) {
        boolean within = other.labels().isPresent();
        boolean alike = true;
        for (int d = 0; d < rank; d++) {
            within &= alignment.varies(item, d) || !alignment.varies(other, d);
            alike &= !alignment.varies(item, d) || alignment.varies(other, d) || alignment.size(other, d) == 1;
        }
        return alike || within;
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
}
