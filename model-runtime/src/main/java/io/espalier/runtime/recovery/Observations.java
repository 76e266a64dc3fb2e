package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import io.espalier.surgery.refit.NormalEquations;

/** What was seen of one layer in one batch: what it read in the pruned network, and what it should have computed. */
final class Observations {
    private final LayerPair layer;
    private final double[] gains;
    private final int positions;

    /** {@code gains}: by what each output is multiplied before something is added to it. */
    Observations(LayerPair layer, double[] gains, int positions) {
        this.layer = layer;
        this.gains = gains;
        this.positions = positions;
    }

    /**
     * @param read [batch, channels, positions * reach] of the pruned network
     * @param computed [batch, outputs, positions] of the original
     * @param addedBefore what the original adds to it, or null
     * @param addedNow what the pruned network adds to it, or null
     */
    void add(Tensor read, Tensor computed, Tensor addedBefore, Tensor addedNow, NormalEquations[] sums) {
        int batch = Math.toIntExact(read.shape()[0]);
        int rows = batch * positions;
        int reach = layer.pruned().window().reach();
        int channels = layer.pruned().features() / reach;
        double[] targets = targets(computed, addedBefore, addedNow, batch);
        for (int group = 0; group < sums.length; group++) {
            sums[group].add(
                    rows(read, group * channels, channels, reach), part(targets, rows, group, sums.length), rows);
        }
    }

    /**
     * What was read as rows of features and a 1, channel by channel as weights have them.
     *
     * @param read [batch, channels, positions * reach]
     * @param first channel to take
     * @param channels how many to take from there
     * @param reach positions of the input that make one row
     */
    static double[] rows(Tensor read, int first, int channels, int reach) {
        int batch = Math.toIntExact(read.shape()[0]);
        int allChannels = Math.toIntExact(read.shape()[1]);
        int positions = Math.toIntExact(read.shape()[2]) / reach;
        float[] seen = read.toFloats().data();
        int width = channels * reach + 1;
        double[] rows = new double[batch * positions * width];
        for (int sample = 0; sample < batch; sample++) {
            for (int channel = 0; channel < channels; channel++) {
                int from = (sample * allChannels + first + channel) * positions * reach;
                for (int position = 0; position < positions; position++) {
                    int to = (sample * positions + position) * width + channel * reach;
                    for (int offset = 0; offset < reach; offset++) {
                        rows[to + offset] = seen[from + position * reach + offset];
                    }
                }
            }
        }
        for (int row = 0; row < batch * positions; row++) {
            rows[row * width + width - 1] = 1;
        }
        return rows;
    }

    /** [rows][outputs]. */
    private double[] targets(Tensor computed, Tensor addedBefore, Tensor addedNow, int batch) {
        int[] kept = layer.kept();
        int originals = layer.original().outputs();
        float[] values = computed.toFloats().data();
        float[] before = addedBefore == null ? null : addedBefore.toFloats().data();
        float[] now = addedNow == null ? null : addedNow.toFloats().data();
        double[] targets = new double[batch * positions * kept.length];
        for (int sample = 0; sample < batch; sample++) {
            for (int output = 0; output < kept.length; output++) {
                int from = (sample * originals + kept[output]) * positions;
                int fromNow = (sample * kept.length + output) * positions;
                for (int position = 0; position < positions; position++) {
                    double target = values[from + position];
                    if (before != null) {
                        target += (before[from + position] - now[fromNow + position]) / gains[output];
                    }
                    targets[(sample * positions + position) * kept.length + output] = target;
                }
            }
        }
        return targets;
    }

    private static double[] part(double[] targets, int rows, int group, int groups) {
        if (groups == 1) {
            return targets;
        }
        int all = targets.length / rows;
        int each = all / groups;
        double[] part = new double[rows * each];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(targets, row * all + group * each, part, row * each, each);
        }
        return part;
    }
}
