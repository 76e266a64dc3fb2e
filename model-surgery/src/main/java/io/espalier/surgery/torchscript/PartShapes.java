package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.ArrayList;
import java.util.List;

/** {@link ShapeRules} for operators that take a tensor apart: chunk, split and unbind. */
final class PartShapes {
    private final KnownArguments given;

    PartShapes(KnownArguments given) {
        this.given = given;
    }

    /** The parts of a tensor that is taken apart into as many. */
    List<TensorFact> parts(String name, TensorFact input, int count) {
        List<TensorFact> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!input.hasRank()) {
                parts.add(TensorFact.UNKNOWN);
                continue;
            }
            long[] sizes = input.sizes().clone();
            boolean unbind = name.equals("unbind");
            int dim = dim(name, sizes.length);
            long size = sizes[dim];
            long step = name.equals("chunk") ? (size + count - 1) / count : -1;
            Object widths = given.constant(1);
            if (name.equals("split") && widths instanceof List<?> list && i < list.size()) {
                sizes[dim] = (long) list.get(i);
            } else {
                sizes[dim] = size < 0 || step < 0 ? -1 : Math.min(step, size - step * i);
            }
            parts.add(new TensorFact(unbind ? ViewShapes.without(sizes, dim) : sizes, input.type()));
        }
        return parts;
    }

    /** How many parts a tensor is taken apart into; -1 where that is not known, or is as many as there are samples. */
    static int count(KnownValues known, String operator, List<Argument> arguments) {
        try {
            return new PartShapes(new KnownArguments(known, arguments)).count(operator);
        } catch (ArithmeticException | IndexOutOfBoundsException e) {
            // Arguments that the operator does not take, or a dimension that is not known.
            return -1;
        }
    }

    private int count(String name) {
        TensorFact input = given.fact(0);
        boolean unbind = name.equals("unbind");
        if (!input.hasRank() || !(unbind || name.equals("chunk") || name.equals("split"))) {
            return -1;
        }
        int dim = dim(name, input.rank());
        long size = input.size(dim);
        if (given.constant(1) instanceof List<?> widths && name.equals("split")) {
            return widths.size();
        } else if (dim == 0 || size < 1 || unbind) {
            return dim == 0 || size < 1 ? -1 : Math.toIntExact(size);
        }
        long wanted = given.number(1, 1);
        long step = name.equals("chunk") ? -Math.floorDiv(-size, wanted) : wanted;
        return Math.toIntExact(-Math.floorDiv(-size, step));
    }

    private int dim(String name, int rank) {
        return given.dim(name.equals("unbind") ? 1 : 2, 0, rank);
    }
}
