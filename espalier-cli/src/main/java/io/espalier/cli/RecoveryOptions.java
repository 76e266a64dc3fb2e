package io.espalier.cli;

import io.espalier.cli.offline.LabelledData;
import io.espalier.cli.prune.DisagreementSearch;
import io.espalier.cli.prune.Evaluator;
import io.espalier.cli.prune.RecoveryRequest;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.recovery.Recovery;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
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
                            + "original, the cut and the recovered model do on them. Without it, on those inputs of "
                            + "--data that nothing was fitted to.")
    private Path test;

    @Mixin
    private DistilOptions distilling;

    /** Whether anything is recovered. */
    boolean areGiven() {
        return !steps.isEmpty();
    }

    /** All inputs of --data to recover with, but for those to measure disagreement on where that is searched for. */
    RecoveryRequest request(LabelledData data, boolean measures) {
        Set<Integer> heldOut = measures ? Set.copyOf(measured(data)) : Set.of();
        List<Integer> others = IntStream.range(0, data.samples().size())
                .filter(i -> !heldOut.contains(i))
                .boxed()
                .toList();
        return new RecoveryRequest(steps, data.of(others).samples(), distilling.settings());
    }

    /** Of --test, or else of what is held out of --data; empty when nothing is recovered, and so nothing held out. */
    Optional<Evaluator> evaluator(
            ModelRuntime runtime, Path original, DescribedModel model, LabelledData data, boolean measures) {
        if (test != null) {
            LabelledData tested = LabelledData.read(test, model.inputs(), Integer.MAX_VALUE);
            return Optional.of(new Evaluator(runtime, original, tested));
        }
        if (measures) {
            return Optional.of(measuring(runtime, original, data));
        }
        List<Integer> heldOut = Recovery.heldOut(data.samples().size());
        return steps.isEmpty() || heldOut.isEmpty()
                ? Optional.empty()
                : Optional.of(new Evaluator(runtime, original, data.of(heldOut)));
    }

    /** To search for the smallest model within a disagreement; these are in no request that measures. */
    Evaluator measuring(ModelRuntime runtime, Path original, LabelledData data) {
        return new Evaluator(runtime, original, data.of(measured(data)));
    }

    private static List<Integer> measured(LabelledData data) {
        return DisagreementSearch.measured(data.samples().size());
    }

    /** Reads {@code fold,ridge,norm,distil}. */
    static final class StepsConverter implements ITypeConverter<List<RecoveryStep>> {
        @Override
        public List<RecoveryStep> convert(String text) {
            return Converted.orUsage(text, RecoveryStep::parse);
        }
    }
}
