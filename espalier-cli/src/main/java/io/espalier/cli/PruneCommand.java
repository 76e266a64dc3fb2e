package io.espalier.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.espalier.cli.latency.LatencyPlanner;
import io.espalier.cli.latency.TimedPlan;
import io.espalier.cli.offline.OfflineScores;
import io.espalier.cli.prune.CheckedArchiveWriter;
import io.espalier.cli.prune.PlanFile;
import io.espalier.cli.prune.PlanSearch;
import io.espalier.cli.prune.PruneReport;
import io.espalier.cli.prune.PruneSummary;
import io.espalier.cli.prune.UnitChoice;
import io.espalier.cli.prune.UnitValues;
import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.Checkpoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "prune", description = "Writes a smaller archive, runs it, and compares it with the original.")
final class PruneCommand implements Callable<Integer> {
    /** Widths that are no multiple of 8 can be slower than the next one that is. */
    private static final int WIDTHS_THAT_RUN_WELL = 8;

    /** Inputs that units are eliminated on: covariances of channels are known well by then. */
    private static final int TO_ELIMINATE = 512;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Mixin
    private RecoveryOptions recovery;

    @Option(
            names = "--target",
            converter = TargetConverter.class,
            paramLabel = "macs=SHARE|params=SHARE|latency=SHARE",
            description = "The share of the cost to keep at most, as macs=0.5; latency is measured on this machine.")
    private Policy.Target target;

    @Option(
            names = "--criterion",
            converter = CriterionConverter.class,
            defaultValue = "l2",
            description = "expressiveness, l1, l2, bn_scale, hybrid:LAMBDA, fluctuation, apoz, saliency, "
                    + "elimination or random:SEED (default ${DEFAULT-VALUE}).")
    private Criterion criterion;

    @Option(
            names = "--search",
            description = "Find how much of each group goes by cutting every group alone to several sizes, on --data.")
    private boolean search;

    @Option(names = "--ranking", defaultValue = "uniform", description = "uniform (default) or global.")
    private Policy.Ranking ranking;

    @Option(names = "--max-removed", defaultValue = "0.9", description = "Share of a group that may go (default 0.9).")
    private double maxRemoved;

    @Option(names = "--min-kept", defaultValue = "2", description = "Units a group keeps at least (default 2).")
    private int minKept;

    @Option(
            names = "--multiple-of",
            description =
                    "A cut group keeps a multiple of this (default 1; for latency 8 where that reaches the target).")
    private Integer multipleOf;

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
        if ((target == null) == (plan == null)) {
            throw new IllegalArgumentException("give either --target macs=0.5 or --plan FILE");
        }
        PruneReport written;
        try (ModelRuntime runtime = model.startRuntime()) {
            DescribedModel described = model.describe(runtime);
            UnitChoice choice = plan == null ? choose(runtime, described) : UnitChoice.of(PlanFile.read(plan));
            written = new CheckedArchiveWriter(runtime, model.path(), described, Checkpoints.in(model.cache()))
                    .write(
                            choice,
                            recovery.request(data, described),
                            recovery.evaluator(runtime, model.path(), described),
                            output);
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

    private UnitChoice choose(ModelRuntime runtime, DescribedModel described) throws IOException {
        if (search || criterion.needsArchive()) {
            return UnitChoice.of(byInputs(runtime, described));
        }
        Map<String, PointStatistics> scores = scores(runtime, described);
        if (target.metric() == Policy.Metric.LATENCY) {
            List<Policy> policies =
                    multipleOf == null ? List.of(policy(WIDTHS_THAT_RUN_WELL), policy(1)) : List.of(policy(multipleOf));
            TimedPlan timed =
                    new LatencyPlanner(runtime, described, model.timesFolder()).plan(model.path(), scores, policies);
            return new UnitChoice(timed.remove(), timed.latency());
        }
        PlanOutcome outcome =
                new Planner().plan(described.descriptor(), scores, policy(multipleOf == null ? 1 : multipleOf));
        return UnitChoice.of(removed(outcome));
    }

    private Map<String, PointStatistics> scores(ModelRuntime runtime, DescribedModel described) throws IOException {
        return criterion.needsScores()
                ? OfflineScores.forPlanner(data.score(runtime, described, criterion.needsProducts()))
                : Map.of();
    }

    private static Map<String, List<Integer>> removed(PlanOutcome outcome) {
        return outcome.recommendation()
                .orElseThrow(() -> new IllegalArgumentException(
                        "nothing to prune: " + outcome.readiness().reason()))
                .remove();
    }

    private Map<String, List<Integer>> byInputs(ModelRuntime runtime, DescribedModel described) throws IOException {
        if (target.metric() == Policy.Metric.LATENCY) {
            throw new IllegalArgumentException(
                    "--search and elimination go with macs=SHARE or params=SHARE: leave one of them out");
        }
        List<List<Tensor>> samples = data.forRecovery(described);
        UnitValues units = new UnitValues(runtime, described);
        Map<String, double[]> values = criterion.needsArchive()
                ? units.byElimination(samples.subList(0, Math.min(TO_ELIMINATE, samples.size())))
                : units.of(criterion, scores(runtime, described));
        Policy policy = policy(multipleOf == null ? 1 : multipleOf);
        return search
                ? new PlanSearch(runtime, described, samples).find(values, policy)
                : removed(new Planner().planBy(described.descriptor(), values, policy));
    }

    private Policy policy(int multiple) {
        return new Policy(
                target, criterion, ranking, new Policy.Limits(maxRemoved, minKept, multiple), new Policy.Evidence(2));
    }
}
