package io.espalier.runtime.recovery;

import io.espalier.runtime.EngineProducts;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.runtime.recovery.StagedNetwork.Stop;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.refit.LinearFit;
import io.espalier.surgery.refit.NormalEquations;
import io.espalier.surgery.refit.Products;
import io.espalier.surgery.refit.Refit;
import io.espalier.surgery.refit.Site;
import io.espalier.surgery.stage.Tap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fits layers one after the other in order of execution: each to what its original computes, on what it reads in the pruned
 * network whose earlier layers are fitted already.
 */
final class LayerFitting {
    private final ModelRuntime runtime;
    private final Subject original;
    private final Subject pruned;
    private final List<LayerPair> layers;
    private final RecoveryInputs inputs;

    /** How a layer is fitted; empty when what was fitted is no better. */
    @FunctionalInterface
    interface Fitter {
        Optional<LinearFit> fit(Refit refit, boolean hasIntercept);
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
        Observations observations = new Observations(layer, own.gains(), positions(layer).length);
        NormalEquations[] fitted = sums(layer);
        NormalEquations[] heldOut = sums(layer);
        for (int batch = 0; batch < inputs.all().size(); batch++) {
            List<Tensor> before = teacher.look(batch, originals);
            List<Tensor> now = student.look(batch, weights);
            boolean both = layer.hasShortcut();
            observations.add(
                    now.get(0),
                    before.get(0),
                    both ? before.get(1) : null,
                    both ? now.get(1) : null,
                    batch < inputs.fitted().size() ? fitted : heldOut);
        }
        List<LinearFit> fits = new ArrayList<>(own.fits());
        boolean changed = false;
        for (int group = 0; group < fitted.length; group++) {
            Refit refit = new Refit(fitted[group], heldOut[group], fits.get(group));
            Optional<LinearFit> better = fitter.fit(refit, own.hasIntercept());
            changed |= better.isPresent();
            fits.set(group, better.orElse(fits.get(group)));
        }
        if (changed) {
            own.set(fits);
        }
        return changed;
    }

    private NormalEquations[] sums(LayerPair layer) {
        Site site = layer.pruned();
        Products products = new EngineProducts(runtime);
        int groups = site.window().groups();
        NormalEquations[] sums = new NormalEquations[groups];
        Arrays.setAll(sums, g -> new NormalEquations(site.features(), site.outputs() / groups, products));
        return sums;
    }

    private Stop originalStop(LayerPair layer) {
        long[] positions = positions(layer);
        Site site = layer.original();
        // Behind the layer, so that it is not run twice.
        return stop(site.operator().index() + 1, site.computed(positions), layer, site);
    }

    private Stop prunedStop(LayerPair layer) {
        Site site = layer.pruned();
        return stop(site.operator().index(), site.read(positions(layer)), layer, site);
    }

    private Stop stop(int place, Tap first, LayerPair layer, Site site) {
        List<Tap> taps = new ArrayList<>(List.of(first));
        if (layer.hasShortcut()) {
            taps.add(site.added(positions(layer)));
        }
        return new Stop(place, taps);
    }

    /** The same for both networks, and in every run. */
    private long[] positions(LayerPair layer) {
        Site site = layer.pruned();
        return Positions.of(
                site.window().positions(),
                site.features(),
                inputs.fittedSamples(),
                site.name().hashCode());
    }
}
