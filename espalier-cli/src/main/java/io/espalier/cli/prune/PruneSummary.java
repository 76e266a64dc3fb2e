package io.espalier.cli.prune;

import io.espalier.cli.latency.Latency;
import io.espalier.surgery.Fold;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

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
}
