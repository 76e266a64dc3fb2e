package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.Matrix;

/** What a layer should compute in one batch: what its original does, and what makes up for what is added behind it. */
final class LayerTargets {
    private final int[] kept;
    private final int originals;
    private final int positions;
    private final double[] gains;
    private final float[] values;
    private final float[] before;
    private final float[] now;

    /**
     * @param gains by what each output is multiplied before something is added to it
     * @param computed float32 [batch, outputs, positions] of the original
     * @param addedBefore what the original adds to it, or null
     * @param addedNow what the pruned network adds to it, or null
     */
    LayerTargets(LayerPair layer, double[] gains, Tensor computed, Tensor addedBefore, Tensor addedNow) {
        this.kept = layer.kept();
        this.gains = gains;
        originals = Math.toIntExact(computed.shape()[1]);
        positions = Math.toIntExact(computed.shape()[2]);
        values = computed.toFloats().data();
        before = addedBefore == null ? null : addedBefore.toFloats().data();
        now = addedNow == null ? null : addedNow.toFloats().data();
    }

    /** Some rows of some of the pruned layer's outputs. */
    Matrix rows(LinearAlgebra algebra, int first, int rows, int firstOutput, int outputs) {
        return algebra.of(rows, outputs, buffer -> {
            int to = 0;
            for (int row = first; row < first + rows; row++) {
                for (int output = firstOutput; output < firstOutput + outputs; output++) {
                    buffer.put(to++, target(row / positions, output, row % positions));
                }
            }
        });
    }

    private double target(int sample, int output, int position) {
        int from = (sample * originals + kept[output]) * positions + position;
        double target = values[from];
        if (before != null) {
            int fromNow = (sample * kept.length + output) * positions + position;
            target += (before[from] - now[fromNow]) / gains[output];
        }
        return target;
    }
}
