package io.espalier.cli.compare;

import io.espalier.protocol.record.Policy;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one criterion comes to with one recipe, over the share that is kept.
 *
 * @param points with rising share
 */
public record Curve(ComparedCriterion criterion, Recipe recipe, List<Point> points) {
    /**
     * Of one target.
     *
     * @param kept mean share over seeds, of what targets are shares of
     * @param mean of what is compared, over seeds
     * @param deviation standard deviation over seeds; 0 of one seed
     */
    public record Point(double kept, double mean, double deviation) {}

    private record Line(ComparedCriterion criterion, Recipe recipe) {}

    /** In the order in which they first appear. */
    static List<Curve> of(List<Run> runs, Policy.Metric metric, Measure measure) {
        Map<Line, Map<Double, List<Run>>> lines = runs.stream()
                .collect(Collectors.groupingBy(
                        run -> new Line(run.criterion(), run.recipe()),
                        LinkedHashMap::new,
                        Collectors.groupingBy(Run::target)));
        return lines.entrySet().stream()
                .map(line -> new Curve(
                        line.getKey().criterion(),
                        line.getKey().recipe(),
                        line.getValue().values().stream()
                                .map(seeds -> point(seeds, metric, measure))
                                .sorted(Comparator.comparingDouble(Point::kept))
                                .toList()))
                .toList();
    }

    private static Point point(List<Run> seeds, Policy.Metric metric, Measure measure) {
        Statistics figures = Statistics.of(seeds, measure::of);
        boolean counted = metric == Policy.Metric.MACS;
        double kept = Statistics.of(seeds, run -> counted ? run.macsKept() : run.paramsKept())
                .mean();
        return new Point(kept, figures.mean(), figures.standardDeviation());
    }
}
