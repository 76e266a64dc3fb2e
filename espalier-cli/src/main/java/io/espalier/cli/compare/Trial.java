package io.espalier.cli.compare;

import io.espalier.cli.prune.CheckedArchiveWriter;
import io.espalier.cli.prune.Evaluator;
import io.espalier.cli.prune.RecoveryRequest;
import io.espalier.cli.prune.UnitChoice;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.Checkpoints;
import io.espalier.runtime.recovery.DistilSettings;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.runtime.recovery.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One cut, made and checked once, and recovered by one recipe after the other; of the models only figures remain. */
final class Trial implements AutoCloseable {
    private final CheckedArchiveWriter writer;
    private final ModelDescriptor original;
    private final int unitsRemoved;
    private final Path cut;
    private final Path recovered;
    private final BuiltVersion built;
    private final DistilSettings distilling;

    /** {@code folder}: where smaller models lie until this is closed. */
    Trial(
            ModelRuntime runtime,
            Path model,
            DescribedModel described,
            UnitChoice choice,
            DistilSettings distilling,
            Path folder)
            throws IOException {
        this.writer = new CheckedArchiveWriter(runtime, model, described, Checkpoints.in(folder));
        this.distilling = distilling;
        this.original = described.descriptor();
        this.unitsRemoved =
                choice.remove().values().stream().mapToInt(List::size).sum();
        // Names of their own: what a killed run leaves is written over by the next.
        this.cut = folder.resolve(".cut.pt");
        this.recovered = folder.resolve(".recovered.pt");
        this.built = writer.cut(choice, cut);
    }

    /** Recovers with {@code samples}, where the recipe has steps, and measures; the listener is told of the steps. */
    Run run(RunKey key, List<List<Tensor>> samples, Evaluator evaluator, Recovery.Listener listener)
            throws IOException {
        List<StepReport> steps = List.of();
        Path measured = cut;
        if (!key.recipe().steps().isEmpty()) {
            RecoveryRequest request = new RecoveryRequest(key.recipe().steps(), samples, distilling);
            steps = writer.recover(request, built, cut, recovered, listener);
            measured = recovered;
        }
        Evaluator.Result result = evaluator.evaluate(measured);
        return new Run(
                key.criterion(),
                key.target(),
                key.recipe(),
                key.seed(),
                (double) built.macs() / original.macs(),
                (double) built.params() / original.params(),
                unitsRemoved,
                result.accuracy(),
                result.agreement(),
                result.divergence(),
                steps);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(cut);
        Files.deleteIfExists(recovered);
    }
}
