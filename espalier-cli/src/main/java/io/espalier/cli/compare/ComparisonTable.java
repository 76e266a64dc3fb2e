package io.espalier.cli.compare;

import io.espalier.cli.offline.Table;
import io.espalier.protocol.record.Policy;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A comparison for people: a row for each cut, a column for each recipe. */
public final class ComparisonTable {
    private final Comparison comparison;

    public ComparisonTable(Comparison comparison) {
        this.comparison = comparison;
    }

    public void print(PrintWriter out) {
        List<Recipe> recipes = comparison.recipes();
        boolean macs = comparison.setup().metric() == Policy.Metric.MACS;
        List<String> header = new ArrayList<>(List.of("criterion", "target", macs ? "MACs kept" : "params kept"));
        recipes.forEach(recipe -> header.add(recipe.toString()));
        Table table = new Table(header.toArray(String[]::new));
        rows().forEach((cut, medians) -> {
            Median any = medians.values().iterator().next();
            List<Object> row = new ArrayList<>(List.of(
                    cut.criterion().toString(),
                    Measure.percent(cut.target()),
                    Measure.percent(macs ? any.macsKept() : any.paramsKept())));
            for (Recipe recipe : recipes) {
                Median median = medians.get(recipe);
                row.add(median == null ? "-" : comparison.measure().text(median.of(comparison.measure())));
            }
            table.row(row.toArray());
        });
        table.print(out);
        out.println();
        out.println(caption());
        recipes.stream().filter(recipe -> !recipe.steps().isEmpty()).forEach(recipe -> out.println(seconds(recipe)));
        leftOut().forEach(out::println);
    }

    private Map<RunKey.Cut, Map<Recipe, Median>> rows() {
        Map<RunKey.Cut, Map<Recipe, Median>> rows = new LinkedHashMap<>();
        comparison
                .medians()
                .forEach(median -> rows.computeIfAbsent(
                                new RunKey.Cut(median.criterion(), median.target()), cut -> new LinkedHashMap<>())
                        .put(median.recipe(), median));
        return rows;
    }

    private String caption() {
        Measure measure = comparison.measure();
        int seeds = comparison.medians().stream().mapToInt(Median::seeds).max().orElse(1);
        return String.format(
                Locale.ROOT,
                "%s%s on %,d test inputs; the original has %s.",
                seeds == 1 ? "" : "Median of " + seeds + " seeds: ",
                measure,
                comparison.original().testInputs(),
                measure.text(comparison.measureOfOriginal()).strip());
    }

    /** How long the steps took, over all criteria and targets. */
    private String seconds(Recipe recipe) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        comparison.medians().stream()
                .filter(median -> median.recipe().equals(recipe))
                .flatMap(median -> median.seconds().keySet().stream())
                .distinct()
                .forEach(step -> seconds.put(
                        step,
                        Statistics.of(comparison.medians().stream()
                                        .filter(median -> median.recipe().equals(recipe))
                                        .map(median -> median.seconds().get(step))
                                        .toList())
                                .median()));
        return "recovery " + recipe + " took "
                + seconds.entrySet().stream()
                        .map(step -> String.format(Locale.ROOT, "%.1f s (%s)", step.getValue(), step.getKey()))
                        .collect(Collectors.joining(" and "));
    }

    /** One line for each reason, whatever the targets. */
    private List<String> leftOut() {
        Map<String, List<String>> targets = comparison.leftOut().stream()
                .collect(Collectors.groupingBy(
                        left -> left.criterion() + ": " + left.reason(),
                        LinkedHashMap::new,
                        Collectors.mapping(
                                left -> Measure.percent(left.target()).strip(), Collectors.toList())));
        return targets.entrySet().stream()
                .map(left -> "left out at " + String.join(", ", left.getValue()) + ", " + left.getKey())
                .toList();
    }
}
