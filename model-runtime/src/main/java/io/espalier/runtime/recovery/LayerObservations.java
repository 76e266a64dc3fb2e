package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.Observations;
import io.espalier.surgery.refit.Site;
import java.util.List;

/** A layer's observations: both networks run, from where they stopped, as often as they are asked for. */
final class LayerObservations implements Observations {
    private final LinearAlgebra algebra;
    private final LayerPair layer;
    private final double[] gains;
    private final Look original;
    private final Look pruned;
    private final RecoveryInputs inputs;

    /**
     * A network stopped at the layer.
     *
     * @param weights those it runs with
     */
    record Look(StagedNetwork network, Weights weights) {
        List<Tensor> at(int batch) {
            return network.look(batch, weights);
        }
    }

    /** {@code gains}: by what each output is multiplied before something is added to it. */
    LayerObservations(
            LinearAlgebra algebra, LayerPair layer, double[] gains, Look original, Look pruned, RecoveryInputs inputs) {
        this.algebra = algebra;
        this.layer = layer;
        this.gains = gains;
        this.original = original;
        this.pruned = pruned;
        this.inputs = inputs;
    }

    @Override
    public void each(Part part, int first, int end, Rows rows) {
        int fitted = inputs.fitted().size();
        int from = part == Part.FITTED ? 0 : fitted;
        int to = part == Part.FITTED ? fitted : fitted + inputs.heldOut().size();
        for (int batch = from; batch < to; batch++) {
            each(pruned.at(batch), original.at(batch), first, end, rows);
        }
    }

    private void each(List<Tensor> now, List<Tensor> before, int first, int end, Rows rows) {
        Site site = layer.pruned();
        int reach = site.window().reach();
        int channels = site.features() / reach;
        int outputs = site.outputs() / site.window().groups();
        boolean both = layer.hasShortcut();
        LayerRows seen = new LayerRows(algebra, now.get(0), reach);
        LayerTargets targets =
                new LayerTargets(layer, gains, before.get(0), both ? before.get(1) : null, both ? now.get(1) : null);
        for (int group = first; group < end; group++) {
            int own = group;
            seen.each(group * channels, channels, (some, row) -> {
                try (var wanted = targets.rows(algebra, row, some.rows(), own * outputs, outputs)) {
                    rows.take(own, some, wanted);
                }
            });
        }
    }
}
