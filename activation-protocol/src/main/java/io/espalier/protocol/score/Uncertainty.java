package io.espalier.protocol.score;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the spread of a window's panes says of how far its values can be trusted. */
final class Uncertainty {
    private final long samples;
    private final EffectiveSamples effective;
    private final Optional<double[]> zeroShareError;
    private final Optional<double[]> varianceError;

    private Uncertainty(
            long samples,
            EffectiveSamples effective,
            Optional<double[]> zeroShareError,
            Optional<double[]> varianceError) {
        this.samples = samples;
        this.effective = effective;
        this.zeroShareError = zeroShareError;
        this.varianceError = varianceError;
    }

    /**
     * Looks at the spread of panes.
     *
     * @param panes of equal units and positions, two samples or more in all, none without any
     * @param whole of all of them together
     */
    static Uncertainty of(List<PaneStatistics> panes, BitCounts whole) {
        List<BitCounts> counts =
                panes.stream().map(PaneStatistics::counters).map(BitCounts::of).toList();
        BetweenPanes between = new BetweenPanes(counts);
        return of(
                between,
                counts,
                whole,
                between.isKnown() ? Optional.of(varianceErrors(between, panes)) : Optional.empty());
    }

    /** The same, where nothing is known but the counters: there is no error of the variance then. */
    static Uncertainty ofCounters(List<OverlapCounters> panes, BitCounts whole) {
        List<BitCounts> counts = panes.stream().map(BitCounts::of).toList();
        return of(new BetweenPanes(counts), counts, whole, Optional.empty());
    }

    private static Uncertainty of(
            BetweenPanes between, List<BitCounts> counts, BitCounts whole, Optional<double[]> varianceError) {
        return new Uncertainty(
                whole.samples(),
                EffectiveSamples.of(counts, whole),
                between.isKnown() ? Optional.of(zeroShareErrors(between, counts, whole)) : Optional.empty(),
                varianceError);
    }

    /** The same for a window of another number of samples of the same kind: errors shrink with its square root. */
    Uncertainty scaledTo(long others) {
        double times = (double) others / samples;
        return new Uncertainty(
                others,
                effective.times(times),
                zeroShareError.map(errors -> shrunk(errors, times)),
                varianceError.map(errors -> shrunk(errors, times)));
    }

    EffectiveSamples effective() {
        return effective;
    }

    /** Per unit; empty below four panes. */
    Optional<double[]> zeroShareError() {
        return zeroShareError;
    }

    /** Per unit; empty below four panes. */
    Optional<double[]> varianceError() {
        return varianceError;
    }

    private static double[] shrunk(double[] errors, double times) {
        return Arrays.stream(errors).map(error -> error / Math.sqrt(times)).toArray();
    }

    private static double[] zeroShareErrors(BetweenPanes between, List<BitCounts> panes, BitCounts whole) {
        double[] all = whole.zeroShare();
        List<double[]> own = panes.stream().map(BitCounts::zeroShare).toList();
        double[] errors = new double[all.length];
        Arrays.setAll(errors, unit -> between.error(pane -> own.get(pane)[unit] - all[unit]));
        return errors;
    }

    /** Of the mean of {@code (x - mean)^2}. */
    private static double[] varianceErrors(BetweenPanes between, List<PaneStatistics> panes) {
        int positions = panes.get(0).counters().positions();
        double[] rows = panes.stream()
                .mapToDouble(pane -> (double) pane.counters().samples() * positions)
                .toArray();
        double all = Arrays.stream(rows).sum();
        double[] errors = new double[panes.get(0).counters().units()];
        Arrays.setAll(errors, unit -> {
            double mean = panes.stream().mapToDouble(pane -> pane.sum(unit)).sum() / all;
            double square =
                    panes.stream().mapToDouble(pane -> pane.squares(unit)).sum() / all;
            return between.error(number -> {
                PaneStatistics pane = panes.get(number);
                double own = pane.sum(unit) / rows[number];
                return pane.squares(unit) / rows[number] - 2 * mean * own + 2 * mean * mean - square;
            });
        });
        return errors;
    }
}
