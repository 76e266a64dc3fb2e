package io.espalier.cli.prune;

import io.espalier.cli.offline.Progress;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.EquivalenceInputs;
import io.espalier.runtime.InputShapes;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.VersionBuilder;
import io.espalier.runtime.recovery.Checkpoints;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.runtime.recovery.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Writes smaller archives, each run and compared with its original first, and recovered where that is asked for. */
public final class CheckedArchiveWriter {
    private static final int CHECKED_INPUTS = 8;

    private final ModelRuntime runtime;
    private final Path original;
    private final DescribedModel described;
    private final Checkpoints checkpoints;

    /** {@code checkpoints}: where trainings that are interrupted are remembered. */
    public CheckedArchiveWriter(
            ModelRuntime runtime, Path original, DescribedModel described, Checkpoints checkpoints) {
        this.runtime = runtime;
        this.original = original;
        this.described = described;
        this.checkpoints = checkpoints;
    }

    /**
     * Throws IllegalStateException, and writes nothing, when the smaller model is not the original without those units.
     *
     * @param recovery with or without steps
     * @param evaluator measures the original, the cut and the recovered model
     */
    public PruneReport write(UnitChoice choice, RecoveryRequest recovery, Optional<Evaluator> evaluator, Path output)
            throws IOException {
        // Written beside its target and moved: nobody ever sees a model that was not compared.
        Path folder = output.toAbsolutePath().getParent();
        Path unproven = Files.createTempFile(folder, ".pruned", ".pt");
        try {
            BuiltVersion built = cut(choice, unproven);
            Optional<Evaluator.Result> cut = evaluator.map(e -> e.evaluate(unproven));
            List<StepReport> steps =
                    recovery.steps().isEmpty() ? List.of() : recoverWithBars(recovery, built, unproven);
            Evaluation evaluation = evaluator
                    .map(e -> new Evaluation(
                            e.inputs(),
                            e.accuracyOfOriginal(),
                            cut.orElseThrow(),
                            recovery.steps().isEmpty() ? null : e.evaluate(unproven)))
                    .orElse(null);
            Files.move(unproven, output, StandardCopyOption.REPLACE_EXISTING);
            return PruneReport.of(described.descriptor(), built, choice, steps, evaluation);
        } finally {
            Files.deleteIfExists(unproven);
        }
    }

    /**
     * Writes the original without those units, runs it and compares it.
     *
     * @throws IllegalStateException when it is not the original without them; nothing is written then
     */
    public BuiltVersion cut(UnitChoice choice, Path output) throws IOException {
        BuiltVersion built = new VersionBuilder(runtime)
                .build(described, choice.remove(), output, new EquivalenceInputs(CHECKED_INPUTS, 1, List.of()));
        if (!built.isEquivalent()) {
            Files.deleteIfExists(output);
            throw new IllegalStateException("the smaller model differs from the original by " + built.maxRelativeError()
                    + ", more than " + built.tolerance() + ": nothing was written");
        }
        return built;
    }

    private List<StepReport> recoverWithBars(RecoveryRequest request, BuiltVersion built, Path pruned)
            throws IOException {
        try (Progress.Sequence bars = new Progress.Sequence()) {
            return recover(request, built, pruned, pruned, step -> bars.next(step.toString()));
        }
    }

    /** Recovers what was cut into {@code output}, which may be the cut itself; one report for each step. */
    public List<StepReport> recover(
            RecoveryRequest request, BuiltVersion built, Path pruned, Path output, Recovery.Listener listener)
            throws IOException {
        Recovery.Cut cut =
                new Recovery.Cut(original, pruned, built.report().tensors(), InputShapes.of(described.descriptor()));
        return new Recovery(runtime, request.distilling(), checkpoints)
                .recover(cut, InputSource.of(request.samples()), request.steps(), output, listener);
    }
}
