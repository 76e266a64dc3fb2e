package io.espalier.cli.compare;

import io.espalier.cli.offline.OfflineScores;
import io.espalier.cli.offline.Progress;
import io.espalier.cli.prune.UnitValues;
import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Plans the cuts of one seed; all criteria look at the same statistics, which are taken once. */
final class SeedCuts {
    private final DescribedModel described;
    private final Setup setup;
    private final int seed;
    private final Map<String, PointStatistics> statistics;
    private final Map<String, double[]> eliminated;

    private SeedCuts(
            DescribedModel described,
            Setup setup,
            int seed,
            Map<String, PointStatistics> statistics,
            Map<String, double[]> eliminated) {
        this.described = described;
        this.setup = setup;
        this.seed = seed;
        this.statistics = statistics;
        this.eliminated = eliminated;
    }

    /** {@code runs}: what is going to be asked for; it decides which statistics are needed. */
    static SeedCuts of(
            ModelRuntime runtime,
            DescribedModel described,
            Setup setup,
            int seed,
            List<RunKey> runs,
            List<List<Tensor>> samples)
            throws IOException {
        List<Criterion> criteria =
                runs.stream().map(run -> run.criterion().of(seed)).toList();
        Map<String, double[]> eliminated = criteria.stream().anyMatch(Criterion::needsArchive)
                ? new UnitValues(runtime, described).byElimination(samples)
                : Map.of();
        if (criteria.stream().noneMatch(Criterion::needsScores)) {
            return new SeedCuts(described, setup, seed, Map.of(), eliminated);
        }
        boolean products = criteria.stream().anyMatch(Criterion::needsProducts);
        try (Progress progress = Progress.of("scoring seed " + seed, samples.size())) {
            OfflineScores scores = new OfflineScores(runtime);
            return new SeedCuts(
                    described,
                    setup,
                    seed,
                    OfflineScores.forPlanner(scores.score(described, samples, products, progress)),
                    eliminated);
        }
    }

    PlanOutcome plan(RunKey.Cut cut) {
        Policy policy = new Policy(
                new Policy.Target(setup.metric(), cut.target()),
                cut.criterion().of(seed),
                setup.ranking(),
                Policy.Limits.DEFAULT,
                new Policy.Evidence(2));
        return policy.criterion().needsArchive()
                ? new Planner().planBy(described.descriptor(), eliminated, policy)
                : new Planner().plan(described.descriptor(), statistics, policy);
    }
}
