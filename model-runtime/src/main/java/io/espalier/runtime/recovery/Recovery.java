package io.espalier.runtime.recovery;

import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.InputShapes;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.ModelRuntimeException;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.surgery.TensorCut;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.refit.Refit;
import io.espalier.surgery.refit.Site;
import io.espalier.surgery.refit.Sites;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Recovers a pruned network with unlabelled inputs, step by step; what does not help on inputs held out is undone. */
public final class Recovery {
    private static final int BATCH = 32;
    private static final long SEED = 1;

    private final ModelRuntime runtime;
    private final DistilSettings distilling;
    private final Checkpoints checkpoints;

    public Recovery(ModelRuntime runtime, DistilSettings distilling, Checkpoints checkpoints) {
        this.runtime = runtime;
        this.distilling = distilling;
        this.checkpoints = checkpoints;
    }

    /** Is told of every step as it begins, and gets its progress. */
    @FunctionalInterface
    public interface Listener {
        /** Is told nothing. */
        Listener NONE = step -> RecoveryProgress.NONE;

        RecoveryProgress begins(RecoveryStep step);
    }

    /**
     * A network before and after a cut.
     *
     * @param original the whole network
     * @param pruned what was cut from it
     * @param tensors what became of every stored tensor of the original, by name
     * @param inputs shapes of the inputs of both, batch 1
     */
    public record Cut(Path original, Path pruned, Map<String, TensorCut> tensors, InputShapes inputs) {}

    /**
     * Writes the recovered network to {@code target}, which may be the pruned file itself.
     *
     * @return one report for each step, in order
     * @throws IllegalArgumentException when there are too few samples
     */
    public List<StepReport> recover(
            Cut cut, InputSource source, List<RecoveryStep> steps, Path target, Listener listener) throws IOException {
        RecoveryInputs inputs = RecoveryInputs.of(source.samples(), BATCH, SEED);
        Subject original = Subject.of(runtime, cut.original(), cut.inputs());
        Subject pruned = Subject.of(runtime, cut.pruned(), cut.inputs());
        List<LayerPair> layers = layers(original, pruned, cut);
        LayerFitting fitting = new LayerFitting(
                runtime, original, pruned, layers, inputs.inBatchesOf(LayerFitting.batch(layers, inputs)));
        NormFitting norms = new NormFitting(runtime, original, pruned, cut.tensors(), inputs);
        Judge judge = new Judge(runtime, cut.original(), inputs.heldOut());
        Weights weights = new Weights(pruned.archive());
        List<StepReport> reports = new ArrayList<>();
        Divergence.Measured before = judge.measure(weights);
        for (RecoveryStep step : steps) {
            long start = System.nanoTime();
            Map<Parameter, Tensor> earlier = weights.changed();
            RecoveryProgress progress = listener.begins(step);
            String reason = null;
            int changed = 0;
            Divergence.Measured after = before;
            try {
                changed = switch (step) {
                    case FOLD -> fitting.fit(weights, Refit::intercepts, progress);
                    case RIDGE -> fitting.fit(weights, Refit::weights, progress);
                    case NORM -> norms.fit(weights, progress);
                    case DISTIL ->
                        new Distillation(runtime, original, pruned, layers, training(inputs, source), judge, distilling)
                                .run(
                                        weights,
                                        before.divergence(),
                                        checkpoints.of(cut, source, distilling, steps),
                                        progress);
                };
                after = judge.measure(weights);
                // Not "greater than": what is not a number is no gain.
                if (!(after.divergence() < before.divergence())) {
                    reason = "it brought the outputs no nearer to the original's on the inputs held out";
                }
            } catch (ModelRuntimeException e) {
                // Other steps may do what this one cannot with these operators.
                reason = e.getMessage();
            }
            reports.add(StepReport.of(step, reason, before, after, changed, inputs, System.nanoTime() - start));
            if (reason == null) {
                before = after;
            } else {
                weights.restore(earlier);
            }
        }
        weights.write(target);
        return reports;
    }

    /** Which of so many samples nothing is fitted to: by these it is decided what is kept. */
    public static List<Integer> heldOut(int samples) {
        return RecoveryInputs.heldOut(samples, SEED);
    }

    private TrainingInputs training(RecoveryInputs inputs, InputSource source) {
        return new TrainingInputs(
                inputs.samples(), source.live(), inputs.judges(), distilling.batch(), distilling.seed());
    }

    /** From the first layer that reads fewer channels on: all behind it see other inputs than they were trained for. */
    private static List<LayerPair> layers(Subject original, Subject pruned, Cut cut) {
        Map<String, Site> before = Sites.of(original.archive().graph(), original.shapes());
        List<LayerPair> layers = new ArrayList<>();
        Sites.of(pruned.archive().graph(), pruned.shapes()).forEach((name, site) -> {
            Site whole = before.get(name);
            boolean reads = whole != null && site.features() < whole.features();
            if (whole != null && (reads || !layers.isEmpty())) {
                layers.add(LayerPair.of(whole, site, cut.tensors().get(name)));
            }
        });
        return layers;
    }
}
