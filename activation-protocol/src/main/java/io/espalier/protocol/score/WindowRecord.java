package io.espalier.protocol.score;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Errors;
import io.espalier.protocol.record.Expressiveness.Interval;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/** The record of a shard's window: the same wherever it is made, in the service or offline. */
public final class WindowRecord {
    private final List<PaneStatistics> panes;
    private final List<PaneStatistics> filled;
    private final OverlapCounters shape;
    private final long samples;

    /** {@code panes}: of equal units and positions, at least one. */
    public WindowRecord(Collection<PaneStatistics> panes) {
        this.panes = List.copyOf(panes);
        this.filled =
                panes.stream().filter(pane -> pane.counters().samples() > 0).toList();
        this.shape = this.panes.get(0).counters();
        this.samples =
                panes.stream().mapToLong(pane -> pane.counters().samples()).sum();
    }

    /** The record, with a residual variance when all samples of the window have come with products. */
    public Expressiveness of(ShardKey shard, Expressiveness.Window window) {
        return of(shard, window, products());
    }

    /** The record, with a residual variance when products of the samples of all panes are given. */
    public Expressiveness of(ShardKey shard, Expressiveness.Window window, Optional<ProductSums> products) {
        Optional<WindowScore> score =
                WindowScore.of(panes.stream().map(PaneStatistics::counters).toList());
        return new Expressiveness(
                shard.model(),
                shard.version(),
                shard.capturePoint(),
                shard.firstUnit(),
                shape.units(),
                shape.positions(),
                window,
                samples,
                score.map(WindowScore::expressiveness).orElse(null),
                score.map(WindowScore::standardError).orElse(null),
                score.map(some -> finite(perUnit(this::mean))).orElse(null),
                score.map(some -> finite(perUnit(this::variance))).orElse(null),
                score.map(WindowScore::zeroShare).orElse(null),
                score.flatMap(some -> products)
                        .flatMap(sums -> ResidualVariance.of(rows(), perUnit(this::sum), sums))
                        .orElse(null),
                score.map(some -> new Interval(some.lower(), some.upper())).orElse(null),
                score.flatMap(WindowScore::zeroShareError)
                        .map(zeroShare -> new Errors(finite(varianceErrors()), zeroShare))
                        .orElse(null));
    }

    private long rows() {
        return samples * shape.positions();
    }

    private double[] perUnit(IntToDoubleFunction value) {
        double[] values = new double[shape.units()];
        Arrays.setAll(values, value);
        return values;
    }

    private double sum(int unit) {
        return panes.stream().mapToDouble(pane -> pane.sum(unit)).sum();
    }

    private double mean(int unit) {
        return sum(unit) / rows();
    }

    private double variance(int unit) {
        double mean = mean(unit);
        double square = panes.stream().mapToDouble(pane -> pane.squares(unit)).sum() / rows();
        // A constant can come out a little below zero.
        return Math.max(0, square - mean * mean);
    }

    /** Of the mean of {@code (x - mean)^2}. */
    private double[] varianceErrors() {
        double[] rows = filled.stream()
                .mapToDouble(pane -> (double) pane.counters().samples() * shape.positions())
                .toArray();
        BetweenPanes between = new BetweenPanes(
                filled.stream().mapToLong(pane -> pane.counters().samples()).toArray());
        return perUnit(unit -> {
            double mean = mean(unit);
            double variance = variance(unit);
            return between.error(number -> {
                PaneStatistics pane = filled.get(number);
                double own = pane.sum(unit) / rows[number];
                return pane.squares(unit) / rows[number] - 2 * mean * own + mean * mean - variance;
            });
        });
    }

    /** Sums that no float could have made are a publisher's mistake: what comes of them is left out. */
    private static double[] finite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite) ? values : null;
    }

    private Optional<ProductSums> products() {
        if (filled.isEmpty() || filled.stream().anyMatch(pane -> pane.products().isEmpty())) {
            return Optional.empty();
        }
        ProductSums sums = new ProductSums(shape.units());
        filled.forEach(pane -> sums.merge(pane.products().orElseThrow()));
        return Optional.of(sums);
    }
}
