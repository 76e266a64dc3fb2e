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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Trains the pruned network to give what the original gives: its outputs, and its feature maps on the way. Norms keep their
 * statistics; the learning rate falls along a cosine; what does best on the inputs held out is what is kept.
 */
final class Distillation {
    private static final String METHOD = "forward_trained";

    /** What all maps together weigh, where all outputs together weigh 1. */
    private static final float MAPS = 10;

    private final ModelRuntime runtime;
    private final Subject original;
    private final Subject pruned;
    private final FeatureMaps maps;
    private final TrainingInputs inputs;
    private final Judge judge;
    private final DistilSettings settings;

    Distillation(
            ModelRuntime runtime,
            Subject original,
            Subject pruned,
            List<LayerPair> layers,
            TrainingInputs inputs,
            Judge judge,
            DistilSettings settings) {
        this.runtime = runtime;
        this.original = original;
        this.pruned = pruned;
        this.maps = FeatureMaps.of(layers);
        this.inputs = inputs;
        this.judge = judge;
        this.settings = settings;
    }

    /**
     * Trains from {@code weights} on, whose divergence is known, into them, or from where an earlier training was interrupted;
     * returns how many tensors were trained.
     */
    int run(Weights weights, double divergence, Checkpoint checkpoint, RecoveryProgress progress) throws IOException {
        Optional<Checkpoint.Training> earlier = checkpoint.read().filter(training -> restore(weights, training.best()));
        // Given besides what is trained: what earlier steps changed, statistics of norms among it.
        Set<Parameter> given = new LinkedHashSet<>(weights.changed().keySet());
        given.addAll(Trainables.of(pruned.archive().graph()));
        Stage student = new Staging(pruned.archive().graph(), given).whole(METHOD, maps.ofPruned());
        Set<Parameter> trained = new LinkedHashSet<>(student.given());
        trained.retainAll(Trainables.of(pruned.archive().graph()));
        Stage teacher = new Staging(original.archive().graph(), Set.of()).whole(METHOD, maps.ofOriginal());
        try (LoadedModel whole = runtime.loadWritten(file -> original.archive().writeStages(List.of(teacher), file));
                TrainableModel smaller = new TrainableModel(runtime, pruned.archive(), student, weights, trained)) {
            earlier.ifPresent(training -> smaller.restore(training.trained()));
            double least = earlier.isPresent() ? judge.measure(weights).divergence() : divergence;
            train(whole, smaller, weights, least, earlier, checkpoint, progress);
        }
        return trained.size();
    }

    /** Whether these weights are of the pruned network; nothing has changed where they are not. */
    private boolean restore(Weights weights, Map<String, Tensor> best) {
        Map<String, Parameter> known = new LinkedHashMap<>();
        pruned.archive().graph().parameters().forEach(parameter -> known.put(parameter.name(), parameter));
        if (!known.keySet().containsAll(best.keySet())) {
            return false;
        }
        weights.restore(Map.of());
        best.forEach((name, tensor) -> weights.set(known.get(name), tensor.reals()));
        return true;
    }

    private void train(
            LoadedModel teacher,
            TrainableModel student,
            Weights weights,
            double least,
            Optional<Checkpoint.Training> earlier,
            Checkpoint checkpoint,
            RecoveryProgress progress)
            throws IOException {
        Schedule schedule = new Schedule(settings);
        Map<Parameter, Tensor> best = weights.changed();
        int first = earlier.map(Checkpoint.Training::steps).orElse(0);
        long start = System.nanoTime()
                - earlier.map(Checkpoint.Training::spent).orElse(Duration.ZERO).toNanos();
        inputs.skip(first);
        boolean isLast = first >= settings.steps();
        for (int step = first; !isLast; step++) {
            Duration spent = Duration.ofNanos(System.nanoTime() - start);
            List<Tensor> batch = inputs.next();
            List<Tensor> targets = maps.targets(teacher.call(METHOD, batch));
            student.step(batch, targets, this::loss, schedule.rate(step, spent));
            progress.advance(step + 1, settings.steps());
            isLast = schedule.isLast(step, spent);
            if (isLast || (step + 1) % settings.stepsBetweenChecks() == 0) {
                student.copyTo(weights);
                double now = judge.measure(weights).divergence();
                if (now < least) {
                    least = now;
                    best = weights.changed();
                }
                inputs.takeLive();
                if (checkpoint.isDue()) {
                    checkpoint.write(new Checkpoint.Training(step + 1, spent, student.state(), named(best)));
                }
            }
        }
        weights.restore(best);
        checkpoint.delete();
    }

    private static Map<String, Tensor> named(Map<Parameter, Tensor> weights) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        weights.forEach((parameter, tensor) -> named.put(parameter.name(), tensor));
        return named;
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
