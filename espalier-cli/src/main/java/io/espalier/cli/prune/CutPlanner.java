package io.espalier.cli.prune;

import io.espalier.cli.offline.Progress;
import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.search.GroupDamages;
import io.espalier.search.SizeSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Plans cuts by any criterion and ranking, of what was measured of the units. */
public final class CutPlanner {
    private final ModelRuntime runtime;
    private final DescribedModel model;
    private final UnitStatistics statistics;
    private final PlanInputs inputs;
    private final Path cache;
    private final Map<Object, GroupDamages> searched = new HashMap<>();

    /**
     * @param inputs to search with, where that is asked for
     * @param cache where a search is remembered
     */
    public CutPlanner(
            ModelRuntime runtime, DescribedModel model, UnitStatistics statistics, PlanInputs inputs, Path cache) {
        this.runtime = runtime;
        this.model = model;
        this.statistics = statistics;
        this.inputs = inputs;
        this.cache = cache;
    }

    /** Per group the units to remove, for a target that counts its cost. */
    public PlannedCut plan(Policy policy) throws IOException {
        return policy.ranking() == Policy.Ranking.SEARCH
                ? found(policy, damages(policy).cut(policy))
                : PlannedCut.of(ranked(policy, Optional.empty()));
    }

    /** The same for a cost that somebody measured, see {@link Planner#plan}. */
    public PlannedCut plan(Policy policy, ToDoubleFunction<Map<String, Integer>> cost) throws IOException {
        return policy.ranking() == Policy.Ranking.SEARCH
                ? found(policy, damages(policy).cut(policy, cost))
                : PlannedCut.of(ranked(policy, Optional.of(cost)));
    }

    private PlanOutcome ranked(Policy policy, Optional<ToDoubleFunction<Map<String, Integer>>> cost) {
        Planner planner = new Planner();
        if (policy.criterion().needsArchive()) {
            // Norms and costs are not to be compared across groups.
            Map<String, double[]> values = policy.ranking() == Policy.Ranking.GLOBAL
                    ? statistics.eliminated()
                    : statistics.values(model, policy.criterion());
            return cost.isPresent()
                    ? planner.planBy(model.descriptor(), values, policy, cost.get())
                    : planner.planBy(model.descriptor(), values, policy);
        }
        return cost.isPresent()
                ? planner.plan(model.descriptor(), statistics.scores(), policy, cost.get())
                : planner.plan(model.descriptor(), statistics.scores(), policy);
    }

    private static PlannedCut found(Policy policy, Optional<Map<String, List<Integer>>> cut) {
        return new PlannedCut(
                cut,
                "no cut within the limits reaches " + policy.target()
                        + ": loosen --max-removed, --min-kept or --multiple-of");
    }

    /** What is searched does not depend on the target. */
    private GroupDamages damages(Policy policy) throws IOException {
        Object key = List.of(policy.criterion(), policy.limits());
        GroupDamages known = searched.get(key);
        if (known == null) {
            try (Progress.Sequence bars = new Progress.Sequence()) {
                known = new SizeSearch(runtime, model, inputs.samples(), cache)
                        .measure(statistics.values(model, policy.criterion()), policy.limits(), bars.next("searching"));
            }
            searched.put(key, known);
        }
        return known;
    }
}
