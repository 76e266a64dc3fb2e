package io.espalier.streams.compressor;

import io.espalier.planner.UnitOrder;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.EquivalenceInputs;
import io.espalier.runtime.InputShapes;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.ModelRuntimeException;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.VersionBuilder;
import io.espalier.runtime.recovery.Checkpoints;
import io.espalier.runtime.recovery.DistilSettings;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.runtime.recovery.RecoveryProgress;
import io.espalier.runtime.recovery.StepReport;
import io.espalier.search.SizeSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Builds versions on libtorch, which is started by the first one: an application that compresses nothing loads none. */
public final class RuntimeVersionFactory implements VersionFactory {
    private final int randomInputs;
    private final DistilSettings distilling;
    private final Supplier<RuntimeSettings> settings;
    private ModelRuntime runtime;

    /**
     * Starts nothing yet.
     *
     * @param randomInputs random inputs to compare on, 1 or more
     * @param distilLimit how long a model is distilled
     */
    public RuntimeVersionFactory(int randomInputs, Duration distilLimit, Supplier<RuntimeSettings> settings) {
        this.randomInputs = randomInputs;
        this.distilling = DistilSettings.DEFAULT.within(DistilSettings.DEFAULT.steps(), distilLimit);
        this.settings = settings;
    }

    @Override
    public synchronized Optional<Map<String, List<Integer>>> size(
            Path parent,
            ModelDescriptor descriptor,
            Recommendation recommendation,
            List<List<Tensor>> inputs,
            RecoveryProgress progress)
            throws IOException {
        DescribedModel described = new ModelDescriber(runtime())
                .describe(parent, descriptor.model(), descriptor.version(), InputShapes.of(descriptor));
        Map<String, double[]> values = UnitOrder.values(described.descriptor(), recommendation.order());
        return new SizeSearch(runtime(), described, inputs, settings.get().cache())
                .measure(values, recommendation.policy().limits(), progress)
                .cut(recommendation.policy());
    }

    @Override
    public synchronized Cut build(
            Path parent,
            ModelDescriptor descriptor,
            Recommendation recommendation,
            Map<String, List<Integer>> remove,
            List<List<Tensor>> sampled,
            Path target)
            throws IOException {
        // The same recommendation is compared on the same inputs, on whichever machine.
        EquivalenceInputs compared =
                new EquivalenceInputs(randomInputs, recommendation.id().hashCode(), sampled);
        BuiltVersion built = new VersionBuilder(runtime()).build(parent, descriptor, remove, target, compared);
        return new Cut(parent, descriptor, recommendation, built, target);
    }

    @Override
    public synchronized List<RecoveryResult> recover(
            Cut cut, InputSource inputs, Recovery.Listener listener, Path target) throws IOException {
        List<RecoveryStep> steps = cut.recommendation().policy().recovery();
        Recovery.Cut recovered = new Recovery.Cut(
                cut.parent(), cut.file(), cut.built().report().tensors(), InputShapes.of(cut.descriptor()));
        List<RecoveryResult> results = new Recovery(
                        runtime(), distilling, Checkpoints.in(settings.get().cache()))
                .recover(recovered, inputs, steps, target, listener).stream()
                        .map(RuntimeVersionFactory::result)
                        .toList();
        requireFinite(
                target, inputs.samples().subList(0, Math.min(inputs.samples().size(), randomInputs)));
        return results;
    }

    private void requireFinite(Path archive, List<List<Tensor>> inputs) {
        try (LoadedModel model = runtime().load(archive)) {
            for (List<Tensor> input : inputs) {
                if (!ModelInputs.areFinite(model.forward(input))) {
                    throw new ModelRuntimeException("the recovered model gives values that are not finite");
                }
            }
        }
    }

    private ModelRuntime runtime() {
        if (runtime == null) {
            runtime = ModelRuntime.start(settings.get());
        }
        return runtime;
    }

    private static RecoveryResult result(StepReport report) {
        return new RecoveryResult(
                report.step(),
                report.kept(),
                report.reason(),
                finite(report.divergenceBefore()),
                finite(report.divergenceAfter()),
                report.agreementBefore(),
                report.agreementAfter(),
                report.inputs(),
                report.heldOut(),
                report.seconds());
    }

    /** JSON knows no other numbers. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    @Override
    public synchronized void close() {
        if (runtime != null) {
            runtime.close();
        }
    }
}
