package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import java.util.List;
import java.util.Optional;

/** Operators that copy a tensor along dimensions of size one. */
final class ExpandRules {
    private ExpandRules() {}

    /** {@code expand(input, sizes)}: copies along dimensions of size one, which go with what they are combined with. */
    static void expand(Operator operator, Flow flow) {
        Place sizes = new Place(1, "size");
        if (sizes.in(operator) instanceof Argument.Sequence list) {
            copies(operator, flow);
            long[] wanted = flow.shape(operator.outputs().get(0));
            for (int i = 0; i < Math.min(wanted.length, list.items().size()); i++) {
                // Here -1 does not stand for what is left over, but for the size that the dimension has.
                wanted[i] = flow.integer(list.items().get(i)).equals(Optional.of(-1L)) ? -1 : wanted[i];
            }
            flow.requireSizes(operator, sizes, wanted, false);
        } else {
            flow.protectAll(operator, ShapeRules.UNKNOWN_SHAPE);
        }
    }

    /** {@code expand_as(input, other)}: the copies go with the other's units. */
    static void expandAs(Operator operator, Flow flow) {
        int rank = flow.shape(operator.outputs().get(0)).length;
        new Broadcast(operator, flow, rank)
                .join(List.of(operator.argument(0), operator.argument(1)))
                .ifPresent(labels -> flow.set(operator, labels));
    }

    private static void copies(Operator operator, Flow flow) {
        Optional<long[]> from = flow.shape(operator.argument(0));
        if (from.isEmpty()) {
            flow.protectAll(operator, "takes arguments that are not understood");
            return;
        }
        long[] to = flow.shape(operator.outputs().get(0));
        Optional<LabelArray> labels = ShapeRules.labelsOfData(operator, flow);
        if (labels.isPresent()) {
            flow.set(operator, labels.get().leftPadded(to.length));
            return;
        }
        int dim = (int) flow.noted(operator, 0, channelCopies(from.get(), to))[0];
        if (dim > 0) {
            flow.set(operator, LabelArray.along(to.length, dim, flow.filling(operator, 0, to[dim])));
        }
    }

    /** Channels lie along dimension 1 of maps and along the last of token sequences; -1 when neither is copied. */
    private static int channelCopies(long[] from, long[] to) {
        for (int dim : new int[] {1, to.length - 1}) {
            int at = dim - (to.length - from.length);
            if (dim > 0 && dim < to.length && to[dim] > 1 && (at < 0 || from[at] == 1)) {
                return dim;
            }
        }
        return -1;
    }
}
