package io.espalier.runtime.recovery;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.TrainableModel;
import io.espalier.runtime.Weights;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.refit.Trainables;
import io.espalier.surgery.stage.Stage;
import io.espalier.surgery.stage.Staging;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trains the pruned network to give what the original gives: its outputs, and its feature maps on the way. Norms keep their
 * statistics; the learning rate falls along a cosine; what does best on the inputs held out is what is kept.
 */
final class Distillation {
    private static final String METHOD = "forward_trained";

    /** What all maps together weigh, where all outputs together weigh 1. */
    private static final float MAPS = 10;

    /** Share of the steps in which the learning rate rises. */
    private static final double WARM_UP = 0.05;

    private final ModelRuntime runtime;
    private final Subject original;
    private final Subject pruned;
    private final FeatureMaps maps;
    private final MixedInputs draw;
    private final Judge judge;
    private final DistilSettings settings;

    Distillation(
            ModelRuntime runtime,
            Subject original,
            Subject pruned,
            List<LayerPair> layers,
            List<List<Tensor>> samples,
            Judge judge,
            DistilSettings settings) {
        this.runtime = runtime;
        this.original = original;
        this.pruned = pruned;
        this.maps = FeatureMaps.of(layers);
        this.draw = new MixedInputs(samples, settings.batch(), settings.seed());
        this.judge = judge;
        this.settings = settings;
    }

    /** Trains from {@code weights} on, whose divergence is known, into them; returns how many tensors were trained. */
    int run(Weights weights, double divergence, RecoveryProgress progress) throws IOException {
        // Given besides what is trained: what earlier steps changed, statistics of norms among it.
        Set<Parameter> given = new LinkedHashSet<>(weights.changed().keySet());
        given.addAll(Trainables.of(pruned.archive().graph()));
        Stage student = new Staging(pruned.archive().graph(), given).whole(METHOD, maps.ofPruned());
        Set<Parameter> trained = new LinkedHashSet<>(student.given());
        trained.retainAll(Trainables.of(pruned.archive().graph()));
        Stage teacher = new Staging(original.archive().graph(), Set.of()).whole(METHOD, maps.ofOriginal());
        try (LoadedModel whole = runtime.loadWritten(file -> original.archive().writeStages(List.of(teacher), file));
                TrainableModel smaller = new TrainableModel(runtime, pruned.archive(), student, weights, trained)) {
            train(whole, smaller, weights, divergence, progress);
        }
        return trained.size();
    }

    private void train(
            LoadedModel teacher, TrainableModel student, Weights weights, double divergence, RecoveryProgress progress)
            throws IOException {
        Map<Parameter, Tensor> best = weights.changed();
        double least = divergence;
        long start = System.nanoTime();
        for (int step = 0; step < settings.steps(); step++) {
            List<Tensor> batch = draw.next();
            List<Tensor> targets = maps.targets(teacher.call(METHOD, batch));
            student.step(batch, targets, this::loss, rate(step));
            progress.advance(step + 1, settings.steps());
            boolean last = step + 1 == settings.steps()
                    || System.nanoTime() - start > settings.limit().toNanos();
            if (last || (step + 1) % settings.stepsBetweenChecks() == 0) {
                student.copyTo(weights);
                double now = judge.measure(weights).divergence();
                if (now < least) {
                    least = now;
                    best = weights.changed();
                }
            }
            if (last) {
                break;
            }
        }
        weights.restore(best);
    }

    /** Rises along a line, then falls along half a cosine. */
    private double rate(int step) {
        double warm = Math.max(1, WARM_UP * settings.steps());
        double share = Math.max(0, (step - warm) / Math.max(1, settings.steps() - warm));
        return settings.rate() * Math.min(1, (step + 1) / warm) * 0.5 * (1 + Math.cos(Math.PI * share));
    }

    /** Without the maps, few inputs are learned by heart: outputs alone end worse than where they began (measured). */
    private NDArray loss(NDList results, NDList targets) {
        int outputs = results.size() - maps.count();
        NDArray loss = null;
        for (int i = 0; i < results.size(); i++) {
            float weight = i < outputs ? 1f / outputs : MAPS / maps.count();
            NDArray part = relative(results.get(i), targets.get(i)).mul(weight);
            loss = loss == null ? part : loss.add(part);
        }
        return loss;
    }

    /** Squared error over the expected values' variance. */
    private static NDArray relative(NDArray actual, NDArray expected) {
        NDArray spread = expected.sub(expected.mean()).square().mean().add(1e-12f);
        return actual.sub(expected).square().mean().div(spread);
    }
}
