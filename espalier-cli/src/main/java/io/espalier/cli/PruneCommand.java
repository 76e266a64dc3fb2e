package io.espalier.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.espalier.cli.latency.LatencyPlanner;
import io.espalier.cli.latency.TimedPlan;
import io.espalier.cli.offline.LabelledData;
import io.espalier.cli.prune.CheckedArchiveWriter;
import io.espalier.cli.prune.CutPlanner;
import io.espalier.cli.prune.DisagreementSearch;
import io.espalier.cli.prune.PlanFile;
import io.espalier.cli.prune.PlanInputs;
import io.espalier.cli.prune.PruneReport;
import io.espalier.cli.prune.PruneSummary;
import io.espalier.cli.prune.RecoveryRequest;
import io.espalier.cli.prune.UnitChoice;
import io.espalier.cli.prune.UnitStatistics;
import io.espalier.protocol.codec.Json;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.recovery.Checkpoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "prune", description = "Writes a smaller archive, runs it, and compares it with the original.")
final class PruneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Mixin
    private CutOptions cut;

    @Mixin
    private RecoveryOptions recovery;

    @Option(names = "--plan", description = "Remove exactly this: {\"groups\": {\"ID\": [unit, ...]}}.")
    private Path plan;

    @Option(
            names = {"-o", "--output"},
            required = true,
            description = "The archive to write.")
    private Path output;

    @Option(names = "--report", description = "Write a report of what was kept, as JSON.")
    private Path report;

    @Option(names = "--json", description = "Print the report instead of a summary.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (cut.goals() + (plan == null ? 0 : 1) != 1) {
            throw new IllegalArgumentException(
                    "give one of --target macs=0.5, --max-disagreement 0.01 and --plan FILE");
        }
        PruneReport written;
        try (ModelRuntime runtime = model.startRuntime()) {
            written = prune(runtime, model.describe(runtime));
        }
        ObjectWriter writer = Json.mapper().writer();
        if (report != null) {
            Files.writeString(report, writer.writeValueAsString(written) + "\n");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? writer.writeValueAsString(written) : PruneSummary.of(written, output));
        out.flush();
        return 0;
    }

    private PruneReport prune(ModelRuntime runtime, DescribedModel described) throws IOException {
        boolean measures = cut.measuresDisagreement();
        LabelledData inputs = recovery.areGiven() || cut.needsSamples() ? data.labelled(described) : LabelledData.NONE;
        RecoveryRequest request = recovery.request(inputs, measures);
        CheckedArchiveWriter writer =
                new CheckedArchiveWriter(runtime, model.path(), described, Checkpoints.in(model.cache()));
        UnitChoice choice =
                plan != null ? UnitChoice.of(PlanFile.read(plan)) : choose(runtime, described, writer, inputs, request);
        return writer.write(
                choice, request, recovery.evaluator(runtime, model.path(), described, inputs, measures), output);
    }

    private UnitChoice choose(
            ModelRuntime runtime,
            DescribedModel described,
            CheckedArchiveWriter writer,
            LabelledData inputs,
            RecoveryRequest request)
            throws IOException {
        boolean recovers = recovery.areGiven();
        PlanInputs given = data.toPlanBy(request.samples());
        CutPlanner planner = new CutPlanner(
                runtime,
                described,
                UnitStatistics.of(runtime, described, List.of(cut.criterion(recovers)), given),
                given,
                model.cache());
        if (cut.measuresDisagreement()) {
            return new DisagreementSearch(writer, recovery.measuring(runtime, model.path(), inputs), request)
                    .smallest(cut.maxDisagreement(), target -> planner.plan(cut.policy(target, recovers)), output);
        }
        if (cut.isTimed()) {
            TimedPlan timed = new LatencyPlanner(
                            runtime, described, model.cache().resolve("times"))
                    .plan(model.path(), planner, cut.policies(recovers));
            return new UnitChoice(timed.remove(), timed.latency(), null);
        }
        return UnitChoice.of(planner.plan(cut.policies(recovers).get(0)).orThrow());
    }
}
