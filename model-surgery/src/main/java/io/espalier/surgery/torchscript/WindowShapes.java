package io.espalier.surgery.torchscript;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** {@link ShapeRules} for operators that move a window over the last dimensions, and for those that resize them. */
final class WindowShapes {
    private static final Pattern CONVOLUTION = Pattern.compile("_?conv(olution|[123]d)(_mode)?");
    private static final Pattern SPATIAL =
            Pattern.compile("(max|avg|lp)_pool[123]d|upsample_.*|(reflection|replication)_pad[123]d|"
                    + "conv_transpose[123]d|adaptive_(avg|max)_pool[123]d|grid_sampler");

    private final KnownArguments given;

    WindowShapes(KnownArguments given) {
        this.given = given;
    }

    static boolean contains(String name) {
        return CONVOLUTION.matcher(name).matches() || SPATIAL.matcher(name).matches();
    }

    /** {@code name} is one of {@link #contains}. */
    TensorFact infer(String name, TensorFact input) {
        return CONVOLUTION.matcher(name).matches() ? convolution(name, input) : spatial(name, input);
    }

    /** Input, weight, bias, stride, padding, dilation: the same order for all but the transposed ones. */
    private TensorFact convolution(String name, TensorFact input) {
        TensorFact weight = given.fact(1);
        if (!weight.hasRank()) {
            return TensorFact.UNKNOWN;
        }
        long[] sizes = new long[weight.rank()];
        Arrays.fill(sizes, -1);
        boolean transposed = name.equals("_convolution")
                && !Boolean.FALSE.equals(given.known().constant(given.all().get(6)));
        int offset = input.hasRank() ? input.rank() - weight.rank() : 0;
        if (offset != 0 || transposed || name.endsWith("_mode")) {
            return offset == 0 ? new TensorFact(sizes, input.type()) : TensorFact.UNKNOWN;
        }
        sizes[0] = input.size(0);
        sizes[1] = weight.size(0);
        for (int d = 2; d < sizes.length; d++) {
            long size = input.size(d);
            long padding = setting(4, d - 2, 0);
            long span = setting(5, d - 2, 1) * (weight.size(d) - 1);
            sizes[d] = size < 0 || padding < 0 ? -1 : (size + 2 * padding - span - 1) / setting(3, d - 2, 1) + 1;
        }
        return new TensorFact(sizes, input.type());
    }

    /** A number of a list such as the strides; -1 when it cannot be told. */
    private long setting(int argument, int index, long preset) {
        if (argument >= given.all().size()) {
            return preset;
        }
        Object value = given.constant(argument);
        if (value instanceof List<?> list && !list.isEmpty()) {
            value = list.get(Math.min(index, list.size() - 1));
        }
        return value instanceof Long number ? number : value instanceof List<?> ? preset : -1;
    }

    private TensorFact spatial(String name, TensorFact input) {
        if (!input.hasRank()) {
            return TensorFact.UNKNOWN;
        }
        int dims = Character.digit(name.charAt(Math.max(0, name.length() - 2)), 10);
        long[] sizes = input.sizes().clone();
        int spatial = dims > 0 ? dims : sizes.length - 2;
        boolean adaptive = name.startsWith("adaptive");
        for (int i = 0; i < spatial; i++) {
            int at = sizes.length - spatial + i;
            sizes[at] = adaptive ? setting(1, i, -1) : name.contains("max_pool") ? pooled(sizes[at], i) : -1;
        }
        if (name.startsWith("conv_transpose")) {
            sizes[1] = -1;
        }
        return new TensorFact(sizes, input.type());
    }

    private long pooled(long size, int i) {
        long kernel = setting(1, i, -1);
        boolean ceil = given.all().size() > 5 && !Boolean.FALSE.equals(given.constant(5));
        if (size < 0 || kernel < 1 || ceil) {
            return -1;
        }
        long padded = size + 2 * setting(3, i, 0) - setting(4, i, 1) * (kernel - 1) - 1;
        return padded / setting(2, i, kernel) + 1;
    }
}
