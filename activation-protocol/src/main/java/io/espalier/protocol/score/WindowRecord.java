package io.espalier.protocol.score;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Errors;
import io.espalier.protocol.record.Expressiveness.Interval;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/** The record of a shard's window: the same wherever it is made, in the service or offline. */
public final class WindowRecord {
    private final PaneStatistics whole;
    private final BitCounts counts;
    private final Optional<Uncertainty> uncertainty;
    private final Optional<Redundancy> redundancy;

    /** {@code panes}: of equal units and positions, at least one. */
    public WindowRecord(Collection<PaneStatistics> panes) {
        this.whole = PaneStatistics.merged(panes);
        this.counts = BitCounts.of(whole.counters());
        this.uncertainty = uncertainty(panes, counts);
        this.redundancy = NearDuplicates.of(panes, counts);
    }

    /** {@code whole}: all panes together. */
    WindowRecord(PaneStatistics whole, Uncertainty uncertainty, Optional<Redundancy> redundancy) {
        this.whole = whole;
        this.counts = BitCounts.of(whole.counters());
        this.uncertainty = Optional.of(uncertainty);
        this.redundancy = redundancy;
    }

    /** The record, with a residual variance when all samples of the window have come with products. */
    public Expressiveness of(ShardKey shard, Expressiveness.Window window) {
        return of(shard, window, whole.products());
    }

    /** The record, with a residual variance when products of the samples of all panes are given. */
    public Expressiveness of(ShardKey shard, Expressiveness.Window window, Optional<ProductSums> products) {
        Optional<WindowScore> score = uncertainty.map(spread -> WindowScore.of(counts, spread));
        return new Expressiveness(
                shard.model(),
                shard.version(),
                shard.capturePoint(),
                shard.firstUnit(),
                counts.units(),
                counts.positions(),
                window,
                counts.samples(),
                score.map(WindowScore::expressiveness).orElse(null),
                score.map(WindowScore::standardError).orElse(null),
                score.map(some -> finite(perUnit(this::mean))).orElse(null),
                score.map(some -> finite(perUnit(this::variance))).orElse(null),
                score.map(WindowScore::zeroShare).orElse(null),
                score.flatMap(some -> products)
                        .flatMap(sums -> ResidualVariance.of(rows(), perUnit(whole::sum), sums))
                        .orElse(null),
                score.map(some -> new Interval(some.lower(), some.upper())).orElse(null),
                uncertainty.flatMap(WindowRecord::errors).orElse(null),
                score.flatMap(some -> redundancy)
                        .map(some -> some.from(shard.firstUnit()))
                        .orElse(null));
    }

    private static Optional<Uncertainty> uncertainty(Collection<PaneStatistics> panes, BitCounts whole) {
        List<PaneStatistics> filled =
                panes.stream().filter(pane -> pane.counters().samples() > 0).toList();
        return whole.samples() < 2 ? Optional.empty() : Optional.of(Uncertainty.of(filled, whole));
    }

    private static Optional<Errors> errors(Uncertainty uncertainty) {
        return uncertainty
                .zeroShareError()
                .map(zeroShare -> new Errors(
                        uncertainty.varianceError().map(WindowRecord::finite).orElse(null), zeroShare));
    }

    private long rows() {
        return counts.samples() * counts.positions();
    }

    private double[] perUnit(IntToDoubleFunction value) {
        double[] values = new double[counts.units()];
        Arrays.setAll(values, value);
        return values;
    }

    private double mean(int unit) {
        return whole.sum(unit) / rows();
    }

    private double variance(int unit) {
        double mean = mean(unit);
        // A constant can come out a little below zero.
        return Math.max(0, whole.squares(unit) / rows() - mean * mean);
    }

    /** Sums that no float could have made are a publisher's mistake: what comes of them is left out. */
    private static double[] finite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite) ? values : null;
    }
}
