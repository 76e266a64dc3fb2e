package io.espalier.surgery.torchscript;

import java.util.Arrays;

/** {@link LayoutShapes} for operators that give the same elements other dimensions; null where these are not known. */
final class ViewShapes {
    private final KnownArguments given;

    ViewShapes(KnownArguments given) {
        this.given = given;
    }

    /** {@code sizes} may be changed. Null also for any other operator. */
    long[] infer(String name, long[] sizes) {
        int rank = sizes.length;
        return switch (name) {
            case "view", "reshape", "_unsafe_view" -> reshaped(sizes);
            case "flatten" -> flattened(sizes);
            case "permute" -> permuted(sizes);
            case "transpose", "swapaxes" -> swapped(sizes, given.dim(1, 0, rank), given.dim(2, 1, rank));
            case "t" -> rank == 2 ? swapped(sizes, 0, 1) : sizes;
            case "unsqueeze" -> inserted(sizes, given.dim(1, 0, rank + 1));
            case "squeeze" -> squeezed(sizes);
            case "unflatten" -> unflattened(sizes);
            default -> null;
        };
    }

    private long[] reshaped(long[] sizes) {
        long[] wanted = given.sizes(1);
        if (wanted == null) {
            return null;
        }
        long all = Arrays.stream(sizes).reduce(1, (a, b) -> a < 0 || b < 0 ? -1 : a * b);
        long rest = Arrays.stream(wanted).filter(size -> size >= 0).reduce(1, Math::multiplyExact);
        for (int i = 0; i < wanted.length; i++) {
            boolean open = given.isOpen(1, i);
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
        int from = given.dim(1, 0, sizes.length);
        int to = given.dim(2, -1, sizes.length);
        long[] result = new long[sizes.length - (to - from)];
        System.arraycopy(sizes, 0, result, 0, from);
        result[from] =
                Arrays.stream(sizes, from, to + 1).reduce(1, (a, b) -> a < 0 || b < 0 ? -1 : Math.multiplyExact(a, b));
        System.arraycopy(sizes, to + 1, result, from + 1, sizes.length - to - 1);
        return result;
    }

    private long[] permuted(long[] sizes) {
        long[] order = given.sizes(1);
        return order == null || order.length != sizes.length
                ? null
                : Arrays.stream(order)
                        .map(d -> sizes[KnownArguments.at(d, sizes.length)])
                        .toArray();
    }

    private static long[] swapped(long[] sizes, int a, int b) {
        long size = sizes[a];
        sizes[a] = sizes[b];
        sizes[b] = size;
        return sizes;
    }

    private static long[] inserted(long[] sizes, int dim) {
        long[] result = new long[sizes.length + 1];
        System.arraycopy(sizes, 0, result, 0, dim);
        result[dim] = 1;
        System.arraycopy(sizes, dim, result, dim + 1, sizes.length - dim);
        return result;
    }

    private long[] squeezed(long[] sizes) {
        if (given.all().size() < 2) {
            return null;
        }
        int dim = given.dim(1, 0, sizes.length);
        return sizes[dim] == 1 ? without(sizes, dim) : sizes[dim] > 1 ? sizes : null;
    }

    /** The sizes but one. */
    static long[] without(long[] sizes, int dim) {
        long[] result = new long[sizes.length - 1];
        System.arraycopy(sizes, 0, result, 0, dim);
        System.arraycopy(sizes, dim + 1, result, dim, result.length - dim);
        return result;
    }

    private long[] unflattened(long[] sizes) {
        long[] parts = given.sizes(2);
        if (parts == null) {
            return null;
        }
        int dim = given.dim(1, 0, sizes.length);
        long[] result = new long[sizes.length + parts.length - 1];
        System.arraycopy(sizes, 0, result, 0, dim);
        System.arraycopy(parts, 0, result, dim, parts.length);
        System.arraycopy(sizes, dim + 1, result, dim + parts.length, sizes.length - dim - 1);
        return result;
    }
}
