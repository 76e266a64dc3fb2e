package io.espalier.cli.compare;

import io.espalier.cli.offline.Progress;
import io.espalier.cli.prune.Evaluator;
import io.espalier.cli.prune.PlannedCut;
import io.espalier.cli.prune.UnitChoice;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.DistilSettings;
import io.espalier.runtime.recovery.RecoveryProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the runs that are asked for and not there yet, one seed after the other. */
public final class Comparer {
    private final ModelRuntime runtime;
    private final Path model;
    private final DescribedModel described;
    private final InputPool pool;
    private final TestInputs test;
    private final DistilSettings distilling;

    public Comparer(
            ModelRuntime runtime,
            Path model,
            DescribedModel described,
            InputPool pool,
            TestInputs test,
            DistilSettings distilling) {
        this.runtime = runtime;
        this.model = model;
        this.described = described;
        this.pool = pool;
        this.test = test;
        this.distilling = distilling;
    }

    /**
     * Every run is in the file as soon as it is made.
     *
     * @throws IllegalArgumentException when nothing of what is asked for can be cut
     */
    public Comparison compare(RunGrid grid, ResultsFile file) throws IOException {
        Comparison.Original original = new Comparison.Original(
                described.descriptor().params(),
                described.descriptor().macs(),
                test.count(),
                test.accuracyOfOriginal());
        Results results = new Results(file, original, grid);
        try (Progress progress = Progress.of("comparing", grid.size())) {
            for (int seed = 1; seed <= grid.seeds(); seed++) {
                List<RunKey> asked = grid.ofSeed(seed);
                List<RunKey> missing = results.missing(asked);
                progress.step(asked.size() - missing.size());
                if (!missing.isEmpty()) {
                    make(seed, missing, results, progress);
                }
            }
        }
        return results.end();
    }

    private void make(int seed, List<RunKey> missing, Results results, Progress progress) throws IOException {
        List<List<Tensor>> samples = pool.drawn(seed, results.setup().samples());
        SeedCuts cuts = SeedCuts.of(runtime, described, results, seed, missing, samples);
        Evaluator evaluator = test.ofSeed().apply(seed);
        Map<RunKey.Cut, List<RunKey>> recipes =
                missing.stream().collect(Collectors.groupingBy(RunKey::cut, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<RunKey.Cut, List<RunKey>> of : recipes.entrySet()) {
            PlannedCut plan = cuts.plan(of.getKey());
            if (plan.remove().isEmpty()) {
                results.leaveOut(of.getKey(), plan.reason());
                progress.step(of.getValue().size());
                continue;
            }
            UnitChoice choice = UnitChoice.of(plan.orThrow());
            try (Trial trial = new Trial(runtime, model, described, choice, distilling, results.folder())) {
                for (RunKey key : of.getValue()) {
                    progress.note(key.toString());
                    results.add(trial.run(key, samples, evaluator, step -> steps(key, step, progress)));
                    progress.step(1);
                }
            }
        }
    }

    /** One bar for all runs: a bar for each step would be hundreds. */
    private static RecoveryProgress steps(RunKey key, RecoveryStep step, Progress progress) {
        return (done, all) -> progress.note(key + ": " + step + " " + 100 * done / Math.max(1, all) + " %");
    }
}
