package io.espalier.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.espalier.cli.latency.Latency;
import io.espalier.cli.latency.LatencyPlanner;
import io.espalier.cli.latency.TimedPlan;
import io.espalier.cli.offline.OfflineScores;
import io.espalier.cli.offline.TensorReport;
import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.PointScore;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.EquivalenceInputs;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.VersionBuilder;
import io.espalier.surgery.Fold;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "prune", description = "Writes a smaller archive, runs it, and compares it with the original.")
final class PruneCommand implements Callable<Integer> {
    private static final int CHECKED_INPUTS = 8;
    /** Median over least time from which on times say little. */
    private static final double BUSY = 1.5;
    /** Widths that are no multiple of 8 can be slower than the next one that is. */
    private static final int WIDTHS_THAT_RUN_WELL = 8;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

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
            description = "expressiveness, l1, l2, hybrid:LAMBDA or random:SEED (default ${DEFAULT-VALUE}).")
    private Criterion criterion;

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

    /** What {@code --report} writes; {@code latency} for such a target only. */
    record Report(
            long paramsBefore,
            long paramsAfter,
            long macsBefore,
            long macsAfter,
            int units,
            int unitsRemoved,
            double equivalenceMaxRelError,
            Latency latency,
            Map<String, List<Integer>> removed,
            List<Fold> folds,
            Map<String, TensorReport> tensors) {}

    /** The file of {@code --plan}. */
    record PlanFile(Map<String, List<Integer>> groups) {}

    @Override
    public Integer call() throws Exception {
        if ((target == null) == (plan == null)) {
            throw new IllegalArgumentException("give either --target macs=0.5 or --plan FILE");
        }
        Report written;
        try (ModelRuntime runtime = model.startRuntime()) {
            DescribedModel described = model.describe(runtime);
            written =
                    prune(runtime, described, plan == null ? choose(runtime, described) : new Choice(read(plan), null));
        }
        ObjectWriter writer = Json.mapper().writer();
        if (report != null) {
            Files.writeString(report, writer.writeValueAsString(written) + "\n");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? writer.writeValueAsString(written) : summary(written));
        out.flush();
        return 0;
    }

    /** Units to remove; {@code latency} where times were measured to choose them, else null. */
    private record Choice(Map<String, List<Integer>> remove, Latency latency) {}

    private Choice choose(ModelRuntime runtime, DescribedModel described) throws IOException {
        Map<String, PointScore> scores =
                criterion.needsScores() ? OfflineScores.forPlanner(data.score(runtime, described)) : Map.of();
        if (target.metric() == Policy.Metric.LATENCY) {
            List<Policy> policies =
                    multipleOf == null ? List.of(policy(WIDTHS_THAT_RUN_WELL), policy(1)) : List.of(policy(multipleOf));
            TimedPlan timed =
                    new LatencyPlanner(runtime, described, model.timesFolder()).plan(model.path(), scores, policies);
            return new Choice(timed.remove(), timed.latency());
        }
        PlanOutcome outcome =
                new Planner().plan(described.descriptor(), scores, policy(multipleOf == null ? 1 : multipleOf));
        return new Choice(
                outcome.recommendation()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "nothing to prune: " + outcome.readiness().reason()))
                        .remove(),
                null);
    }

    private Policy policy(int multiple) {
        return new Policy(
                target, criterion, ranking, new Policy.Limits(maxRemoved, minKept, multiple), new Policy.Evidence(2));
    }

    private static Map<String, List<Integer>> read(Path plan) throws IOException {
        try {
            PlanFile file = Json.mapper().readValue(Files.readString(plan), PlanFile.class);
            if (file != null && file.groups() != null) {
                return file.groups();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(plan + " is no plan: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException(plan + " is no plan: write {\"groups\": {\"ID\": [unit, ...]}}");
    }

    private Report prune(ModelRuntime runtime, DescribedModel described, Choice choice) throws IOException {
        Map<String, List<Integer>> remove = choice.remove();
        ModelDescriptor descriptor = described.descriptor();
        // Written beside its target and moved: nobody ever sees a model that was not compared.
        Path folder = output.toAbsolutePath().getParent();
        Path unproven = Files.createTempFile(folder, ".pruned", ".pt");
        try {
            BuiltVersion built = new VersionBuilder(runtime)
                    .build(described, remove, unproven, new EquivalenceInputs(CHECKED_INPUTS, 1, List.of()));
            if (!built.isEquivalent()) {
                throw new IllegalStateException("the smaller model differs from the original by "
                        + built.maxRelativeError() + ", more than " + built.tolerance() + ": nothing was written");
            }
            Files.move(unproven, output, StandardCopyOption.REPLACE_EXISTING);
            return new Report(
                    descriptor.params(),
                    built.params(),
                    descriptor.macs(),
                    built.macs(),
                    descriptor.groups().stream()
                            .mapToInt(ModelDescriptor.Group::units)
                            .sum(),
                    remove.values().stream().mapToInt(List::size).sum(),
                    built.maxRelativeError(),
                    choice.latency(),
                    remove,
                    built.report().folds(),
                    TensorReport.of(built.report().tensors()));
        } finally {
            Files.deleteIfExists(unproven);
        }
    }

    private String summary(Report report) {
        return String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d units removed; params %,d -> %,d (%.1f %%), MACs %,d -> %,d (%.1f %%); "
                                + "differs from the original with those units zeroed by %.1e at most",
                        output,
                        report.unitsRemoved(),
                        report.units(),
                        report.paramsBefore(),
                        report.paramsAfter(),
                        100.0 * report.paramsAfter() / report.paramsBefore(),
                        report.macsBefore(),
                        report.macsAfter(),
                        100.0 * report.macsAfter() / report.macsBefore(),
                        report.equivalenceMaxRelError())
                + said(report.folds())
                + (report.latency() == null ? "" : said(report.latency()));
    }

    private static String said(List<Fold> folds) {
        if (folds.isEmpty()) {
            return "";
        }
        long folded = folds.stream().filter(Fold::folded).count();
        long lost = folds.size() - folded;
        return "; of what removed units without weights let through, " + folded
                + (folded == 1 ? " constant was" : " constants were") + " folded into the next layer"
                + (lost == 0 ? "" : " and " + lost + " could not be");
    }

    private static String said(Latency latency) {
        return String.format(
                        Locale.ROOT,
                        "; a call takes %.2f ms instead of %.2f ms: %.2f of the time%s",
                        latency.afterMs(),
                        latency.beforeMs(),
                        latency.measured(),
                        latency.isReached()
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        ", above the target of %.2f: a lower target, or a quieter machine, may help",
                                        latency.target()))
                + (latency.jitter() > BUSY ? " (the machine is busy, this is a guess)" : "");
    }

    /** Reads {@code macs=0.5}. */
    static final class TargetConverter implements ITypeConverter<Policy.Target> {
        @Override
        public Policy.Target convert(String text) {
            return Converted.orUsage(text, Policy.Target::parse);
        }
    }

    /** Reads {@code hybrid:0.5}. */
    static final class CriterionConverter implements ITypeConverter<Criterion> {
        @Override
        public Criterion convert(String text) {
            return Converted.orUsage(text, Criterion::parse);
        }
    }
}
