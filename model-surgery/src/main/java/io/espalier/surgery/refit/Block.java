package io.espalier.surgery.refit;

import java.util.ArrayList;
import java.util.List;

/**
 * Some of a layer's features, in a row, which are fitted together.
 *
 * @param first the first feature
 * @param end behind the last
 */
public record Block(int first, int end) {
    /**
     * A layer's features in blocks of whole channels, about as large as each other, whose sums have room: twice the products
     * of a block's features, the second time decomposed, and six times a block's weights. One block unless the layer is
     * too wide.
     *
     * @param reach features of a channel
     * @param memory in bytes
     */
    public static List<Block> of(int features, int outputs, int reach, long memory) {
        int channels = Math.max(1, features / reach);
        int count = 1;
        while (count < channels && bytes((long) largest(channels, count) * reach, outputs) > memory) {
            count++;
        }
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int first = (int) ((long) channels * i / count) * reach;
            int end = i + 1 == count ? features : (int) ((long) channels * (i + 1) / count) * reach;
            blocks.add(new Block(first, end));
        }
        return blocks;
    }

    private static int largest(int channels, int count) {
        return (channels + count - 1) / count;
    }

    /** How many groups' sums of such a block have room at the same time. */
    public int groupsAtOnce(int outputs, long memory) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, memory / bytes(features(), outputs)));
    }

    private static long bytes(long features, long outputs) {
        return Double.BYTES * (2 * features * features + 6 * features * outputs);
    }

    int features() {
        return end - first;
    }
}
