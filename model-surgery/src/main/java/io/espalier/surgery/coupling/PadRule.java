package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import java.util.Optional;

/** Operators that pad a tensor at its borders. */
final class PadRule {
    private PadRule() {}

    /** {@code pad(input, [left, right, top, bottom, ...])}: two widths per dimension, last dimension first. */
    static void apply(Operator operator, Flow flow) {
        Optional<LabelArray> labels = flow.labels(operator.argument(0));
        Place at = new Place(1, "pad");
        if (labels.isEmpty()) {
            return;
        }
        if (!(at.in(operator) instanceof Argument.Sequence widths)) {
            flow.protectAll(operator, "pads by widths that are not understood");
            return;
        }
        int rank = labels.get().rank();
        boolean constant = padsByAConstant(operator);
        LabelArray padded = labels.get();
        long[] wanted = new long[widths.items().size()];
        for (int i = 0; i + 1 < wanted.length; i += 2) {
            int dim = rank - 1 - i / 2;
            Optional<Long> left = flow.integer(widths.items().get(i));
            Optional<Long> right = flow.integer(widths.items().get(i + 1));
            boolean along = dim >= 0 && padded.varies(dim);
            if (along && (left.isEmpty() || right.isEmpty())) {
                flow.protectAll(operator, "pads the dimension of the units by widths that are not understood");
                return;
            } else if (left.isEmpty() || right.isEmpty()) {
                flow.set(operator, padded);
                return;
            }
            long[] surveyed = flow.noted(operator, i, left.get(), right.get());
            wanted[i] = surveyed[0];
            wanted[i + 1] = surveyed[1];
            boolean none = wanted[i] == 0 && wanted[i + 1] == 0;
            if (along && !none && (!constant || wanted[i] < 0 || wanted[i + 1] < 0)) {
                flow.protectAll(operator, "pads the dimension of the units");
                return;
            } else if (along && !none) {
                int[] before = flow.filling(operator, i, wanted[i]);
                int[] behind = flow.filling(operator, i + 1, wanted[i + 1]);
                wanted[i] = before.length;
                wanted[i + 1] = behind.length;
                padded = widened(padded, dim, before, behind);
            }
        }
        flow.requireSizes(operator, at, wanted, false);
        flow.set(operator, padded);
    }

    private static boolean padsByAConstant(Operator operator) {
        Argument mode = Arguments.get(operator, 2, "mode");
        boolean asTold = Arguments.isNone(mode) || Arguments.is(mode, "constant");
        return operator.name().startsWith("constant_pad") || (operator.name().equals("pad") && asTold);
    }

    private static LabelArray widened(LabelArray labels, int dim, int[] before, int[] behind) {
        int[] sizes = labels.sizes();
        int inner = RowMajor.stride(sizes, dim);
        int old = sizes[dim];
        sizes[dim] = before.length + old + behind.length;
        int[] cells = new int[RowMajor.product(sizes)];
        for (int i = 0; i < cells.length; i++) {
            int index = i / inner % sizes[dim];
            int outer = i / inner / sizes[dim];
            cells[i] = index < before.length
                    ? before[index]
                    : index < before.length + old
                            ? labels.cells()[(outer * old + index - before.length) * inner + i % inner]
                            : behind[index - before.length - old];
        }
        return LabelArray.of(sizes, cells);
    }
}
