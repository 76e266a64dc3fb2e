package io.espalier.cli;

import io.espalier.cli.offline.LabelledData;
import io.espalier.cli.prune.Evaluator;
import io.espalier.cli.prune.RecoveryRequest;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a pruned model is recovered, and what it is tried on. */
final class RecoveryOptions {
    @Option(
            names = "--recover",
            converter = StepsConverter.class,
            paramLabel = "STEP,...",
            description = "Recover with the inputs of --data, without labels: fold, ridge, norm, distil.")
    private List<RecoveryStep> steps = List.of();

    @Option(
            names = "--test",
            paramLabel = "FILE",
            description =
                    "An .npz file of other inputs, and labels y where there are some: the report says how well the "
                            + "original, the cut and the recovered model do on them.")
    private Path test;

    @Mixin
    private DistilOptions distilling;

    Optional<RecoveryRequest> request(DataOptions data, DescribedModel model) {
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(new RecoveryRequest(steps, data.forRecovery(model), distilling.settings()));
    }

    Optional<Evaluator> evaluator(ModelRuntime runtime, Path original, DescribedModel model) {
        return Optional.ofNullable(test)
                .map(file ->
                        new Evaluator(runtime, original, LabelledData.read(file, model.inputs(), Integer.MAX_VALUE)));
    }

    /** Reads {@code fold,ridge,norm,distil}. */
    static final class StepsConverter implements ITypeConverter<List<RecoveryStep>> {
        @Override
        public List<RecoveryStep> convert(String text) {
            return Converted.orUsage(text, RecoveryStep::parse);
        }
    }
}
