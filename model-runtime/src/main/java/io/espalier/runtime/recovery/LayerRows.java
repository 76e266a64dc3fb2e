package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.Matrix;
import java.nio.DoubleBuffer;

/**
 * What a layer reads in one batch as rows of features and a 1, channel by channel as weights have them; some rows at a time,
 * since a wide layer's rows in double precision take many times the memory of what it reads.
 */
final class LayerRows {
    /** Bytes of the rows that are made at a time. */
    private static final long CHUNK = 16L << 20;

    private final LinearAlgebra algebra;
    private final float[] values;
    private final int reach;
    private final int allChannels;
    private final int positions;
    private final int count;

    /** Takes some rows, whose matrix goes when this returns. */
    @FunctionalInterface
    interface Chunk {
        /** {@code first}: number of the first row. */
        void take(Matrix seen, int first);
    }

    /**
     * @param read float32 [batch, channels, positions * reach]
     * @param reach positions of the input that make one row
     */
    LayerRows(LinearAlgebra algebra, Tensor read, int reach) {
        this.algebra = algebra;
        this.reach = reach;
        values = read.toFloats().data();
        allChannels = Math.toIntExact(read.shape()[1]);
        positions = Math.toIntExact(read.shape()[2]) / reach;
        count = Math.toIntExact(read.shape()[0]) * positions;
    }

    /** The rows of some channels; row by row the samples' positions. */
    void each(int firstChannel, int channels, Chunk chunk) {
        int width = channels * reach + 1;
        int most = (int) Math.max(1, CHUNK / Double.BYTES / width);
        for (int first = 0; first < count; first += most) {
            int from = first;
            int rows = Math.min(most, count - first);
            try (Matrix seen = algebra.of(rows, width, buffer -> write(firstChannel, channels, from, rows, buffer))) {
                chunk.take(seen, first);
            }
        }
    }

    private void write(int firstChannel, int channels, int first, int rows, DoubleBuffer into) {
        int to = 0;
        for (int row = first; row < first + rows; row++) {
            int sample = row / positions;
            int position = row % positions;
            for (int channel = 0; channel < channels; channel++) {
                int from = ((sample * allChannels + firstChannel + channel) * positions + position) * reach;
                for (int offset = 0; offset < reach; offset++) {
                    into.put(to++, values[from + offset]);
                }
            }
            into.put(to++, 1);
        }
    }
}
