package io.espalier.cli.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.espalier.runtime.recovery.StepReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Medians over the seeds of one criterion, target and recipe.
 *
 * @param seeds how many there are
 * @param accuracy null when not known of all
 * @param agreement null when not known of all
 * @param seconds by step of the recipe
 */
public record Median(
        ComparedCriterion criterion,
        double target,
        Recipe recipe,
        int seeds,
        double macsKept,
        double paramsKept,
        Double accuracy,
        Double agreement,
        double divergence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> seconds) {
    private record Cell(ComparedCriterion criterion, double target, Recipe recipe) {}

    /** In the order in which they first appear. */
    static List<Median> of(List<Run> runs) {
        Map<Cell, List<Run>> cells = new LinkedHashMap<>();
        runs.forEach(run -> cells.computeIfAbsent(
                        new Cell(run.criterion(), run.target(), run.recipe()), cell -> new ArrayList<>())
                .add(run));
        return cells.entrySet().stream()
                .map(cell -> of(cell.getKey(), cell.getValue()))
                .toList();
    }

    private static Median of(Cell cell, List<Run> runs) {
        return new Median(
                cell.criterion(),
                cell.target(),
                cell.recipe(),
                runs.size(),
                Statistics.of(runs, Run::macsKept).median(),
                Statistics.of(runs, Run::paramsKept).median(),
                orNull(runs, Run::accuracy),
                orNull(runs, Run::agreement),
                Statistics.of(runs, Run::divergence).median(),
                seconds(runs));
    }

    private static Double orNull(List<Run> runs, Function<Run, Double> figure) {
        boolean known = runs.stream().allMatch(run -> figure.apply(run) != null);
        return known ? Statistics.of(runs, figure).median() : null;
    }

    /** Per step the median over runs, in the order of the steps. */
    static Map<String, Double> seconds(List<Run> runs) {
        Map<String, List<Double>> taken = new LinkedHashMap<>();
        for (Run run : runs) {
            for (StepReport step : run.steps()) {
                taken.computeIfAbsent(step.step().toString(), name -> new ArrayList<>())
                        .add(step.seconds());
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        taken.forEach(
                (step, seconds) -> medians.put(step, Statistics.of(seconds).median()));
        return medians;
    }

    /** The figure that is compared. */
    double of(Measure measure) {
        return switch (measure) {
            case ACCURACY -> accuracy;
            case AGREEMENT -> agreement;
            case DIVERGENCE -> divergence;
        };
    }
}
