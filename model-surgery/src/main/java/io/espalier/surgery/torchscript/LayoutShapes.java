package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.List;

/** {@link ShapeRules} for operators that make, move, cut off and join elements: what is not known stays unknown. */
final class LayoutShapes {
    private final KnownArguments given;

    LayoutShapes(KnownArguments given) {
        this.given = given;
    }

    TensorFact infer(String name, TensorFact input) {
        switch (name) {
            case "zeros", "ones", "full", "empty" -> {
                return fact(given.sizes(0), -1);
            }
            case "new_zeros", "new_ones", "new_full", "new_empty" -> {
                return fact(given.sizes(1), input.type());
            }
            case "cat" -> {
                return concatenation();
            }
            default -> {}
        }
        if (!input.hasRank()) {
            return name.equals("view") || name.equals("reshape")
                    ? fact(given.sizes(1), input.type())
                    : TensorFact.UNKNOWN;
        }
        long[] sizes = input.sizes().clone();
        long[] result = switch (name) {
            case "select" -> ViewShapes.without(sizes, given.dim(1, 0, sizes.length));
            case "slice" -> sliced(sizes);
            case "pad", "constant_pad_nd" -> padded(sizes);
            case "expand" -> expanded(sizes);
            default -> new ViewShapes(given).infer(name, sizes);
        };
        return result == null ? TensorFact.UNKNOWN : new TensorFact(result, input.type());
    }

    private static TensorFact fact(long[] sizes, int type) {
        return sizes == null ? TensorFact.UNKNOWN : new TensorFact(sizes, type);
    }

    private long[] sliced(long[] sizes) {
        int dim = given.dim(1, 0, sizes.length);
        long size = sizes[dim];
        Object from = given.all().size() > 2 ? given.constant(2) : Folding.NONE;
        Object to = given.all().size() > 3 ? given.constant(3) : Folding.NONE;
        long step = given.number(4, 1);
        if (size < 0 || from == null || to == null) {
            sizes[dim] = -1;
            return sizes;
        }
        long start = bound(from, 0, size);
        long end = bound(to, size, size);
        sizes[dim] = Math.max(0, (end - start + step - 1) / step);
        return sizes;
    }

    private static long bound(Object bound, long preset, long size) {
        long at = bound instanceof Long number ? number : preset;
        return Math.max(0, Math.min(size, at < 0 ? at + size : at));
    }

    private long[] padded(long[] sizes) {
        List<Argument> widths =
                given.all().get(1) instanceof Argument.Sequence sequence ? sequence.items() : List.<Argument>of();
        for (int i = 0; i < widths.size() / 2; i++) {
            int dim = sizes.length - 1 - i;
            Object before = given.known().constant(widths.get(2 * i));
            Object after = given.known().constant(widths.get(2 * i + 1));
            boolean known = sizes[dim] >= 0 && before instanceof Long && after instanceof Long;
            sizes[dim] = known ? sizes[dim] + (Long) before + (Long) after : -1;
        }
        return widths.isEmpty() ? null : sizes;
    }

    private long[] expanded(long[] sizes) {
        long[] wanted = given.sizes(1);
        if (wanted == null) {
            return null;
        }
        for (int i = 0; i < sizes.length; i++) {
            int at = wanted.length - sizes.length + i;
            wanted[at] = given.isOpen(1, at) ? sizes[i] : wanted[at];
        }
        return wanted;
    }

    private TensorFact concatenation() {
        if (!(given.all().get(0) instanceof Argument.Sequence parts)
                || parts.items().isEmpty()) {
            return TensorFact.UNKNOWN;
        }
        TensorFact first = given.known().fact(parts.items().get(0));
        if (!first.hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = first.sizes().clone();
        int dim = given.dim(1, 0, sizes.length);
        for (Argument part : parts.items().subList(1, parts.items().size())) {
            long size = given.known().fact(part).size(dim);
            sizes[dim] = size < 0 || sizes[dim] < 0 ? -1 : sizes[dim] + size;
        }
        return new TensorFact(sizes, first.type());
    }
}
