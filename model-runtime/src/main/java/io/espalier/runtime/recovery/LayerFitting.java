package io.espalier.runtime.recovery;

import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Weights;
import io.espalier.runtime.recovery.LayerObservations.Look;
import io.espalier.runtime.recovery.StagedNetwork.Stop;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.LinearFit;
import io.espalier.surgery.refit.Observations;
import io.espalier.surgery.refit.Refit;
import io.espalier.surgery.refit.Site;
import io.espalier.surgery.stage.Tap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Fits layers one after the other in order of execution: each to what its original computes, on what it reads in the pruned
 * network whose earlier layers are fitted already.
 */
final class LayerFitting {
    private static final int BATCH = 32;

    /** Bytes of what a layer reads that are looked at at a time. */
    private static final long LOOK = 32L << 20;

    private final ModelRuntime runtime;
    private final Subject original;
    private final Subject pruned;
    private final List<LayerPair> layers;
    private final RecoveryInputs inputs;

    /** How a layer's groups are fitted; those themselves where what was fitted is no better. */
    @FunctionalInterface
    interface Fitter {
        List<LinearFit> fit(Refit refit, List<LinearFit> starts);
    }

    /** {@code layers}: in order of execution. */
    LayerFitting(
            ModelRuntime runtime, Subject original, Subject pruned, List<LayerPair> layers, RecoveryInputs inputs) {
        this.runtime = runtime;
        this.original = original;
        this.pruned = pruned;
        this.layers = layers;
        this.inputs = inputs;
    }

    /** Samples to a batch so that what the widest layer reads of one takes little memory. */
    static int batch(List<LayerPair> layers, RecoveryInputs inputs) {
        long largest = layers.stream()
                .mapToLong(layer -> {
                    Site site = layer.pruned();
                    long channels = (long) site.features() * site.window().groups();
                    return Float.BYTES * channels * positions(layer, inputs).length;
                })
                .max()
                .orElse(1);
        return (int) Math.max(1, Math.min(BATCH, LOOK / largest));
    }

    /** Fits all layers, into {@code weights}; returns how many changed. */
    int fit(Weights weights, Fitter fitter, RecoveryProgress progress) throws IOException {
        Weights originals = new Weights(original.archive());
        Set<Parameter> given = new LinkedHashSet<>(weights.changed().keySet());
        for (LayerPair layer : layers) {
            given.add(layer.pruned().weight());
            layer.pruned().intercept().ifPresent(sink -> given.add(sink.vector()));
        }
        int changed = 0;
        try (StagedNetwork teacher =
                        staged(original, layers.stream().map(this::originalStop).toList(), Set.of());
                StagedNetwork student =
                        staged(pruned, layers.stream().map(this::prunedStop).toList(), given)) {
            for (int i = 0; i < layers.size(); i++) {
                teacher.advance(originals);
                student.advance(weights);
                LayerWeights own = new LayerWeights(layers.get(i), weights, originals);
                changed += fit(layers.get(i), own, teacher, originals, student, weights, fitter) ? 1 : 0;
                progress.advance(i + 1, layers.size());
            }
        }
        return changed;
    }

    private StagedNetwork staged(Subject network, List<Stop> stops, Set<Parameter> given) throws IOException {
        return new StagedNetwork(runtime, network, stops, given, inputs.all());
    }

    private boolean fit(
            LayerPair layer,
            LayerWeights own,
            StagedNetwork teacher,
            Weights originals,
            StagedNetwork student,
            Weights weights,
            Fitter fitter) {
        Site site = layer.pruned();
        List<LinearFit> starts = own.fits();
        List<LinearFit> fits;
        try (LinearAlgebra algebra = LayerAlgebra.of(runtime, site.features())) {
            Observations observations = new LayerObservations(
                    algebra, layer, own.gains(), new Look(teacher, originals), new Look(student, weights), inputs);
            int reach = site.window().reach();
            fits = fitter.fit(new Refit(algebra, observations, own.hasIntercept(), reach, Refit.MEMORY), starts);
        }
        boolean changed = !fits.equals(starts);
        if (changed) {
            own.set(fits);
        }
        return changed;
    }

    private Stop originalStop(LayerPair layer) {
        long[] positions = positions(layer, inputs);
        Site site = layer.original();
        // Behind the layer, so that it is not run twice.
        return stop(site.operator().index() + 1, site.computed(positions), layer, site);
    }

    private Stop prunedStop(LayerPair layer) {
        Site site = layer.pruned();
        return stop(site.operator().index(), site.read(positions(layer, inputs)), layer, site);
    }

    private Stop stop(int place, Tap first, LayerPair layer, Site site) {
        List<Tap> taps = new ArrayList<>(List.of(first));
        if (layer.hasShortcut()) {
            taps.add(site.added(positions(layer, inputs)));
        }
        return new Stop(place, taps);
    }

    /** The same for both networks, and in every run. */
    private static long[] positions(LayerPair layer, RecoveryInputs inputs) {
        Site site = layer.pruned();
        return Positions.of(
                site.window().positions(),
                site.features(),
                inputs.fittedSamples(),
                site.name().hashCode());
    }
}
