package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@link ShapeRules} for operators that move elements: what is not known stays unknown. */
final class LayoutShapes {
    private final GraphBuilder graph;
    private final List<Argument> arguments;

    LayoutShapes(GraphBuilder graph, List<Argument> arguments) {
        this.graph = graph;
        this.arguments = arguments;
    }

    TensorFact infer(String name, TensorFact input) {
        switch (name) {
            case "zeros", "ones", "full", "empty" -> {
                return fact(list(0), -1);
            }
            case "new_zeros", "new_ones", "new_full", "new_empty" -> {
                return fact(list(1), input.type());
            }
            case "cat" -> {
                return concatenation();
            }
            default -> {}
        }
        if (!input.hasRank()) {
            return name.equals("view") || name.equals("reshape") ? fact(list(1), input.type()) : TensorFact.UNKNOWN;
        }
        long[] sizes = input.sizes().clone();
        int rank = sizes.length;
        long[] result = switch (name) {
            case "view", "reshape", "_unsafe_view" -> reshaped(sizes);
            case "flatten" -> flattened(sizes);
            case "permute" -> permuted(sizes);
            case "transpose", "swapaxes" -> swapped(sizes, at(number(1, 0), rank), at(number(2, 1), rank));
            case "t" -> rank == 2 ? swapped(sizes, 0, 1) : sizes;
            case "unsqueeze" -> inserted(sizes, at(number(1, 0), rank + 1), 1);
            case "squeeze" -> squeezed(sizes);
            case "select" -> without(sizes, at(number(1, 0), rank));
            case "slice" -> sliced(sizes);
            case "pad", "constant_pad_nd" -> padded(sizes);
            case "expand" -> expanded(sizes);
            case "unflatten" -> unflattened(sizes);
            default -> null;
        };
        return result == null ? TensorFact.UNKNOWN : new TensorFact(result, input.type());
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
            int dim = at(unbind ? number(1, 0) : number(2, 0), sizes.length);
            long size = sizes[dim];
            long step = name.equals("chunk") ? (size + count - 1) / count : -1;
            Object widths = argument(1);
            if (name.equals("split") && widths instanceof List<?> list && i < list.size()) {
                sizes[dim] = (long) list.get(i);
            } else {
                sizes[dim] = size < 0 || step < 0 ? -1 : Math.min(step, size - step * i);
            }
            parts.add(new TensorFact(unbind ? without(sizes, dim) : sizes, input.type()));
        }
        return parts;
    }

    /** How many parts a tensor is taken apart into; -1 where that is not known, or is as many as there are samples. */
    int count(String name, TensorFact input) {
        boolean unbind = name.equals("unbind");
        if (!input.hasRank() || !(unbind || name.equals("chunk") || name.equals("split"))) {
            return -1;
        }
        int dim = at(unbind ? number(1, 0) : number(2, 0), input.rank());
        long size = input.size(dim);
        if (argument(1) instanceof List<?> widths && name.equals("split")) {
            return widths.size();
        } else if (dim == 0 || size < 1 || unbind) {
            return dim == 0 || size < 1 ? -1 : Math.toIntExact(size);
        }
        long given = number(1, 1);
        long step = name.equals("chunk") ? -Math.floorDiv(-size, given) : given;
        return Math.toIntExact(-Math.floorDiv(-size, step));
    }

    private static TensorFact fact(long[] sizes, int type) {
        return sizes == null ? TensorFact.UNKNOWN : new TensorFact(sizes, type);
    }

    private Object argument(int index) {
        return index < arguments.size() ? graph.constant(arguments.get(index)) : null;
    }

    private long number(int index, long preset) {
        if (index >= arguments.size()) {
            return preset;
        } else if (argument(index) instanceof Long number) {
            return number;
        }
        throw new ArithmeticException("not known");
    }

    private static int at(long dim, int rank) {
        return Math.toIntExact(dim < 0 ? dim + rank : dim);
    }

    /** Sizes given as a list, -1 for those that are not known or left open; null when it is no list. */
    private long[] list(int index) {
        return index < arguments.size() && arguments.get(index) instanceof Argument.Sequence sequence
                ? sequence.items().stream()
                        .mapToLong(item -> graph.constant(item) instanceof Long size ? size : -1)
                        .toArray()
                : null;
    }

    private long[] reshaped(long[] sizes) {
        long[] wanted = list(1);
        if (wanted == null) {
            return null;
        }
        long all = Arrays.stream(sizes).reduce(1, (a, b) -> a < 0 || b < 0 ? -1 : a * b);
        long rest = Arrays.stream(wanted).filter(size -> size >= 0).reduce(1, Math::multiplyExact);
        List<Argument> items = ((Argument.Sequence) arguments.get(1)).items();
        for (int i = 0; i < wanted.length; i++) {
            boolean open = Long.valueOf(-1).equals(graph.constant(items.get(i)));
            boolean othersKnown = Arrays.stream(wanted).filter(size -> size < 0).count() == 1;
            if (open && othersKnown && all >= 0 && rest > 0) {
                wanted[i] = all / rest;
            }
        }
        return wanted;
    }

    private long[] flattened(long[] sizes) {
        if (sizes.length == 0) {
            return new long[] {1};
        }
        int from = at(number(1, 0), sizes.length);
        int to = at(number(2, -1), sizes.length);
        long[] result = new long[sizes.length - (to - from)];
        System.arraycopy(sizes, 0, result, 0, from);
        result[from] =
                Arrays.stream(sizes, from, to + 1).reduce(1, (a, b) -> a < 0 || b < 0 ? -1 : Math.multiplyExact(a, b));
        System.arraycopy(sizes, to + 1, result, from + 1, sizes.length - to - 1);
        return result;
    }

    private long[] permuted(long[] sizes) {
        long[] order = list(1);
        return order == null || order.length != sizes.length
                ? null
                : Arrays.stream(order).map(d -> sizes[at(d, sizes.length)]).toArray();
    }

    private static long[] swapped(long[] sizes, int a, int b) {
        long size = sizes[a];
        sizes[a] = sizes[b];
        sizes[b] = size;
        return sizes;
    }

    private static long[] inserted(long[] sizes, int dim, long size) {
        long[] result = new long[sizes.length + 1];
        System.arraycopy(sizes, 0, result, 0, dim);
        result[dim] = size;
        System.arraycopy(sizes, dim, result, dim + 1, sizes.length - dim);
        return result;
    }

    private static long[] without(long[] sizes, int dim) {
        long[] result = new long[sizes.length - 1];
        System.arraycopy(sizes, 0, result, 0, dim);
        System.arraycopy(sizes, dim + 1, result, dim, result.length - dim);
        return result;
    }

    private long[] unflattened(long[] sizes) {
        long[] parts = list(2);
        if (parts == null) {
            return null;
        }
        int dim = at(number(1, 0), sizes.length);
        long[] result = new long[sizes.length + parts.length - 1];
        System.arraycopy(sizes, 0, result, 0, dim);
        System.arraycopy(parts, 0, result, dim, parts.length);
        System.arraycopy(sizes, dim + 1, result, dim + parts.length, sizes.length - dim - 1);
        return result;
    }

    private long[] squeezed(long[] sizes) {
        if (arguments.size() < 2) {
            return null;
        }
        int dim = at(number(1, 0), sizes.length);
        return sizes[dim] == 1 ? without(sizes, dim) : sizes[dim] > 1 ? sizes : null;
    }

    private long[] sliced(long[] sizes) {
        int dim = at(number(1, 0), sizes.length);
        long size = sizes[dim];
        Object from = arguments.size() > 2 ? argument(2) : Folding.NONE;
        Object to = arguments.size() > 3 ? argument(3) : Folding.NONE;
        long step = number(4, 1);
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
                arguments.get(1) instanceof Argument.Sequence sequence ? sequence.items() : List.<Argument>of();
        for (int i = 0; i < widths.size() / 2; i++) {
            int dim = sizes.length - 1 - i;
            Object before = graph.constant(widths.get(2 * i));
            Object after = graph.constant(widths.get(2 * i + 1));
            boolean known = sizes[dim] >= 0 && before instanceof Long && after instanceof Long;
            sizes[dim] = known ? sizes[dim] + (Long) before + (Long) after : -1;
        }
        return widths.isEmpty() ? null : sizes;
    }

    private long[] expanded(long[] sizes) {
        long[] wanted = list(1);
        if (wanted == null) {
            return null;
        }
        for (int i = 0; i < sizes.length; i++) {
            int at = wanted.length - sizes.length + i;
            boolean kept = Long.valueOf(-1)
                    .equals(graph.constant(
                            ((Argument.Sequence) arguments.get(1)).items().get(at)));
            wanted[at] = kept ? sizes[i] : wanted[at];
        }
        return wanted;
    }

    private TensorFact concatenation() {
        if (!(arguments.get(0) instanceof Argument.Sequence parts)
                || parts.items().isEmpty()) {
            return TensorFact.UNKNOWN;
        }
        TensorFact first = graph.fact(parts.items().get(0));
        if (!first.hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = first.sizes().clone();
        int dim = at(number(1, 0), sizes.length);
        for (Argument part : parts.items().subList(1, parts.items().size())) {
            long size = graph.fact(part).size(dim);
            sizes[dim] = size < 0 || sizes[dim] < 0 ? -1 : sizes[dim] + size;
        }
        return new TensorFact(sizes, first.type());
    }
}
