package io.espalier.cli.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code compare.json} holds.
 *
 * @param measure what curves and tables show
 * @param medians of the runs that were asked for last
 * @param curves of the same
 * @param leftOut what was asked for last and cannot be cut
 * @param runs every run that was ever made with this setup in this folder
 */
public record Comparison(
        Setup setup,
        Original original,
        Measure measure,
        List<Median> medians,
        List<Curve> curves,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LeftOut> leftOut,
        List<Run> runs) {
    /**
     * The whole model.
     *
     * @param testInputs how many inputs runs are measured on
     * @param accuracy on these; null without labels
     */
    public record Original(long params, long macs, int testInputs, Double accuracy) {}

    static Comparison of(
            Setup setup, Original original, RunGrid grid, Map<RunKey, Run> runs, Collection<LeftOut> leftOut) {
        List<Run> asked =
                grid.all().stream().map(runs::get).filter(Objects::nonNull).toList();
        Measure measure = Measure.of(asked);
        return new Comparison(
                setup,
                original,
                measure,
                Median.of(asked),
                Curve.of(asked, setup.metric(), measure),
                List.copyOf(leftOut),
                List.copyOf(runs.values()));
    }

    /** What the whole model has of what is compared. */
    double measureOfOriginal() {
        return measure.ofOriginal(original.accuracy());
    }

    /** Recipes of the medians, in their order. */
    List<Recipe> recipes() {
        return medians.stream().map(Median::recipe).distinct().toList();
    }
}
