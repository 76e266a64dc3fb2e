package io.espalier.cli.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.espalier.runtime.recovery.StepReport;
import java.util.List;

/**
 * One cut, recovered and measured.
 *
 * @param macsKept share of the original's
 * @param paramsKept share of the original's
 * @param accuracy share of test inputs that get their label; null without labels
 * @param agreement share of test inputs that get the original's class; null without classes
 * @param divergence see {@link io.espalier.runtime.recovery.Divergence}
 * @param steps what each step of the recipe gained, and how long it took
 */
public record Run(
        ComparedCriterion criterion,
        double target,
        Recipe recipe,
        int seed,
        double macsKept,
        double paramsKept,
        int unitsRemoved,
        Double accuracy,
        Double agreement,
        double divergence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StepReport> steps) {
    public Run {
        steps = steps == null ? List.of() : List.copyOf(steps);
    }

    RunKey key() {
        return new RunKey(criterion, target, recipe, seed);
    }
}
