package io.espalier.cli.compare;

import io.espalier.cli.offline.OfflineScores;
import io.espalier.cli.offline.Progress;
import io.espalier.cli.prune.CutPlanner;
import io.espalier.cli.prune.PlanInputs;
import io.espalier.cli.prune.PlannedCut;
import io.espalier.cli.prune.UnitStatistics;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.util.List;

/** Plans the cuts of one seed; all criteria look at the same statistics, which are taken once. */
final class SeedCuts {
    private final CutPlanner planner;
    private final Setup setup;
    private final int seed;

    private SeedCuts(CutPlanner planner, Setup setup, int seed) {
        this.planner = planner;
        this.setup = setup;
        this.seed = seed;
    }

    /** {@code runs}: what is going to be asked for; it decides which statistics are needed. */
    static SeedCuts of(
            ModelRuntime runtime,
            DescribedModel described,
            Results results,
            int seed,
            List<RunKey> runs,
            List<List<Tensor>> samples)
            throws IOException {
        PlanInputs inputs = new SeedInputs(seed, samples);
        List<Criterion> criteria =
                runs.stream().map(run -> run.criterion().of(seed)).toList();
        UnitStatistics statistics = UnitStatistics.of(runtime, described, criteria, inputs);
        return new SeedCuts(
                new CutPlanner(runtime, described, statistics, inputs, results.folder()), results.setup(), seed);
    }

    private record SeedInputs(int seed, List<List<Tensor>> samples) implements PlanInputs {
        @Override
        public List<Expressiveness> score(ModelRuntime runtime, DescribedModel model, boolean products)
                throws IOException {
            try (Progress progress = Progress.of("scoring seed " + seed, samples.size())) {
                return new OfflineScores(runtime).score(model, samples, products, progress);
            }
        }
    }

    PlannedCut plan(RunKey.Cut cut) throws IOException {
        return planner.plan(new Policy(
                new Policy.Target(setup.metric(), cut.target()),
                cut.criterion().of(seed),
                setup.ranking(),
                Policy.Limits.DEFAULT,
                Policy.Evidence.ofSamples(2)));
    }
}
