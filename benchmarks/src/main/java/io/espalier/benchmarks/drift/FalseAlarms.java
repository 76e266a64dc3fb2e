package io.espalier.benchmarks.drift;

import io.espalier.benchmarks.Medians;
import io.espalier.benchmarks.Options;
import io.espalier.benchmarks.Table;
import io.espalier.benchmarks.drift.StationaryTraffic.Kind;
import io.espalier.planner.drift.DriftDetector;
import io.espalier.planner.drift.DriftSettings;
import io.espalier.protocol.record.Expressiveness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How often traffic that stays as it is raises a false alarm within the configured run length, and after how many panes a
 * third of the units swapping roles is seen.
 */
public final class FalseAlarms {
    private static final Duration PANE = Duration.ofMillis(StationaryTraffic.PANE_MS);

    /** A swap that is not seen after so many panes, ten windows, is not seen. */
    private static final int LIMIT = 10 * StationaryTraffic.PANES;

    /** Two-sided 95 %. */
    private static final double QUANTILE = 1.959964;

    private FalseAlarms() {}

    /** {@code --lengths}: in panes. {@code --panes}: watched in all for each row, but at least {@code --runs} runs. */
    public static void main(String[] arguments) {
        Options options = Options.parse(
                arguments,
                "lengths=20,100,500,1000",
                "panes=40000",
                "runs=40",
                "swaps=40",
                "baselines=10,20",
                "seed=1");
        long seed = options.number("seed");
        System.out.printf(
                "%d units, windows of %d panes; run and swap number n has seed %d + n%n%n",
                StationaryTraffic.UNITS, StationaryTraffic.PANES, seed);
        Table table = new Table(
                "run length, panes",
                "traffic",
                "panes compared with",
                "runs",
                "false alarms",
                "a run (95 %)",
                "with the margins",
                "swap seen after, panes",
                "slowest");
        for (String length : options.list("lengths")) {
            for (Kind kind : Kind.values()) {
                for (String baseline : options.list("baselines")) {
                    row(table, options, Integer.parseInt(length), kind, Integer.parseInt(baseline), seed);
                }
            }
        }
    }

    private static void row(Table table, Options options, int length, Kind kind, int baseline, long seed) {
        DriftDetector strict = detector(length, 0, 0);
        DriftDetector usual = detector(length, 0.02, 0.05);
        int runs = (int) Math.max(options.number("runs"), options.number("panes") / length);
        int alarms = 0;
        int usualAlarms = 0;
        for (int run = 0; run < runs; run++) {
            StationaryTraffic traffic = new StationaryTraffic(seed + run, kind);
            Expressiveness then = traffic.after(baseline);
            traffic.after(StationaryTraffic.PANES - baseline + 1);
            boolean isAlarmed = false;
            boolean isUsuallyAlarmed = false;
            // A run ends with its alarm: the plan is then withdrawn, and another one is compared with.
            for (int pane = 0; pane < length && !(isAlarmed && isUsuallyAlarmed); pane++) {
                Expressiveness now = traffic.next();
                isAlarmed |= strict.compare(then, now).drifted();
                isUsuallyAlarmed |= usual.compare(then, now).drifted();
            }
            alarms += isAlarmed ? 1 : 0;
            usualAlarms += isUsuallyAlarmed ? 1 : 0;
        }
        List<Double> seen = swapsSeen(usual, kind, baseline, (int) options.number("swaps"), seed);
        table.row(
                length,
                kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                baseline,
                runs,
                alarms,
                rate(alarms, runs),
                usualAlarms,
                panes(Medians.of(seen)),
                panes(Medians.quantile(seen, 1)));
    }

    private static String panes(double seen) {
        return seen > LIMIT ? "not in " + LIMIT : "%.0f".formatted(seen);
    }

    private static DriftDetector detector(int length, double minChange, double minUnits) {
        return new DriftDetector(new DriftSettings(PANE.multipliedBy(length), minChange, minUnits), PANE);
    }

    private static List<Double> swapsSeen(DriftDetector detector, Kind kind, int baseline, int swaps, long seed) {
        List<Double> seen = new ArrayList<>();
        for (int swap = 0; swap < swaps; swap++) {
            StationaryTraffic traffic = new StationaryTraffic(seed + swap, kind);
            Expressiveness then = traffic.after(baseline);
            traffic.after(StationaryTraffic.PANES - baseline + 1);
            traffic.swapAThird();
            int panes = 1;
            while (!detector.compare(then, traffic.next()).drifted() && panes <= LIMIT) {
                panes++;
            }
            seen.add((double) panes);
        }
        return seen;
    }

    /** With Wilson's interval. */
    private static String rate(int alarms, int runs) {
        double share = (double) alarms / runs;
        double square = QUANTILE * QUANTILE / runs;
        double middle = (share + square / 2) / (1 + square);
        double half = QUANTILE / (1 + square) * Math.sqrt(share * (1 - share) / runs + square / (4 * runs));
        return "%.3f (%.3f to %.3f)".formatted(share, Math.max(0, middle - half), Math.min(1, middle + half));
    }
}
