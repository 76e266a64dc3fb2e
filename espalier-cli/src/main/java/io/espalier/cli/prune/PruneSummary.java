package io.espalier.cli.prune;

import io.espalier.cli.latency.Latency;
import io.espalier.runtime.recovery.StepReport;
import io.espalier.surgery.Fold;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report in one line. */
public final class PruneSummary {
    /** Median over least time from which on times say little. */
    private static final double BUSY = 1.5;

    private PruneSummary() {}

    /** {@code output}: the archive that was written. */
    public static String of(PruneReport report, Path output) {
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
                + (report.latency() == null ? "" : said(report.latency()))
                + (report.disagreement() == null ? "" : said(report.disagreement()))
                + report.recovery().stream().map(PruneSummary::said).collect(Collectors.joining())
                + (report.evaluation() == null ? "" : said(report.evaluation()));
    }

    private static String said(Disagreement found) {
        return String.format(
                Locale.ROOT,
                "%nthe smallest that was tried within a disagreement of %.4f: %.4f of %d inputs held out",
                found.allowed(),
                found.measured(),
                found.inputs());
    }

    private static String said(StepReport step) {
        return String.format(
                Locale.ROOT,
                "%n%s: %d layers in %.1f s on %d inputs; divergence %.4f -> %.4f%s on %d others%s",
                step.step(),
                step.layers(),
                step.seconds(),
                step.inputs(),
                step.divergenceBefore(),
                step.divergenceAfter(),
                step.agreementBefore() == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", agreement %.1f %% -> %.1f %%",
                                100 * step.agreementBefore(),
                                100 * step.agreementAfter()),
                step.heldOut(),
                step.kept() ? "" : ": undone, " + step.reason());
    }

    private static String said(Evaluation evaluation) {
        return String.format(Locale.ROOT, "%non %,d test inputs: ", evaluation.inputs())
                + (evaluation.accuracyBefore() == null
                        ? ""
                        : String.format(Locale.ROOT, "original accuracy %.2f %%; ", 100 * evaluation.accuracyBefore()))
                + "cut " + said(evaluation.cut())
                + (evaluation.after() == null ? "" : "; recovered " + said(evaluation.after()));
    }

    private static String said(Evaluator.Result result) {
        return percent("accuracy", result.accuracy())
                + percent("agreement", result.agreement())
                + String.format(Locale.ROOT, "divergence %.4f", result.divergence());
    }

    private static String percent(String what, Double share) {
        return share == null ? "" : String.format(Locale.ROOT, "%s %.2f %%, ", what, 100 * share);
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
}
