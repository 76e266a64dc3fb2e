package io.espalier.surgery.coupling;

import java.util.Arrays;
import java.util.Optional;

/**
 * The same elements, row-major, in another shape. Both shapes are cut into the shortest runs of dimensions that hold
 * equally many elements; only runs in which labels change are written out.
 */
final class Reshape {
    static final int ELEMENT_LIMIT = 1 << 24;

    /** Why labels are protected that would be more than the limit. */
    static final String TOO_LARGE = "has more than " + ELEMENT_LIMIT + " labels, record a smaller input";

    private final LabelArray labels;
    private final long[] from;
    private final long[] to;
    private final int[] expanded;
    private final int[] result;

    private Reshape(LabelArray labels, long[] from, long[] to) {
        this.labels = labels;
        this.from = from;
        this.to = to;
        this.expanded = labels.sizes();
        this.result = new int[to.length];
        Arrays.fill(result, 1);
    }

    /** Empty when there would be more than {@link #ELEMENT_LIMIT} labels. */
    static Optional<LabelArray> of(LabelArray labels, long[] from, long[] to) {
        Reshape reshape = new Reshape(labels, from, to);
        reshape.align();
        if (Arrays.stream(reshape.expanded).asDoubleStream().reduce(1, (a, b) -> a * b) > ELEMENT_LIMIT) {
            return Optional.empty();
        }
        return Optional.of(labels.expanded(reshape.expanded).resized(reshape.result));
    }

    private void align() {
        int i = 0;
        int j = 0;
        while (i < from.length || j < to.length) {
            final int firstFrom = i;
            final int firstTo = j;
            long left = i < from.length ? from[i++] : 1;
            long right = j < to.length ? to[j++] : 1;
            while (left != right) {
                if (left < right && i < from.length) {
                    left *= from[i++];
                } else if (right < left && j < to.length) {
                    right *= to[j++];
                } else {
                    throw new IllegalArgumentException("the recorded shapes " + Arrays.toString(from) + " and "
                            + Arrays.toString(to) + " do not hold equally many elements");
                }
            }
            run(firstFrom, i, firstTo, j);
        }
    }

    private void run(int firstFrom, int endFrom, int firstTo, int endTo) {
        boolean varies = false;
        for (int d = firstFrom; d < endFrom; d++) {
            varies |= labels.varies(d);
        }
        for (int d = firstFrom; varies && d < endFrom; d++) {
            expanded[d] = Math.toIntExact(from[d]);
        }
        for (int d = firstTo; varies && d < endTo; d++) {
            result[d] = Math.toIntExact(to[d]);
        }
    }
}
