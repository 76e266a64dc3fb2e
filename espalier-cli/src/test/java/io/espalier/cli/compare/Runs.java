package io.espalier.cli.compare;

import io.espalier.protocol.record.Policy;
import io.espalier.runtime.recovery.StepReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs with figures that follow from what they are of, and comparisons of them. */
final class Runs {
    static final Setup SETUP = new Setup("m.pt", "a", "b", "c", Policy.Metric.MACS, Policy.Ranking.UNIFORM, 512, 500);
    static final Comparison.Original ORIGINAL = new Comparison.Original(1000, 20_000, 10_000, 0.93);

    private Runs() {}

    /** Keeps a hundredth less than the target; each seed is a hundredth better and a second slower than the one before. */
    static Run run(String criterion, double target, String recipe, int seed, double accuracy) {
        Recipe of = Recipe.parse(recipe);
        List<StepReport> steps = new ArrayList<>();
        of.steps()
                .forEach(step ->
                        steps.add(new StepReport(step, true, null, 0.5, 0.1, 0.5, 0.9, 3, 448, 64, 10.0 + seed)));
        double figure = accuracy + 0.01 * seed;
        return new Run(
                ComparedCriterion.parse(criterion),
                target,
                of,
                seed,
                target - 0.01,
                target - 0.02,
                12,
                figure,
                figure + 0.02,
                1 - figure,
                steps);
    }

    static Map<RunKey, Run> byKey(List<Run> runs) {
        Map<RunKey, Run> map = new LinkedHashMap<>();
        runs.forEach(run -> map.put(run.key(), run));
        return map;
    }

    /** Of three seeds each; {@code random} is worse than {@code l2}, and what is recovered is better. */
    static Comparison comparison() {
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            for (double target : new double[] {0.8, 0.5}) {
                runs.add(run("l2", target, "none", seed, target));
                runs.add(run("l2", target, "ridge,norm", seed, target + 0.1));
                runs.add(run("random", target, "none", seed, target - 0.3));
                runs.add(run("random", target, "ridge,norm", seed, target));
            }
        }
        RunGrid grid = new RunGrid(
                ComparedCriterion.parseAll("l2,bn_scale,random"),
                List.of(0.8, 0.5),
                List.of(Recipe.parse("none"), Recipe.parse("ridge,norm")),
                3);
        ComparedCriterion scale = ComparedCriterion.parse("bn_scale");
        return Comparison.of(
                SETUP,
                ORIGINAL,
                grid,
                byKey(runs),
                List.of(
                        new LeftOut(scale, 0.8, "no group has a batch norm"),
                        new LeftOut(scale, 0.5, "no group has a batch norm")));
    }
}
