package io.espalier.cli.prune;

import io.espalier.cli.offline.OfflineScores;
import io.espalier.cli.offline.Progress;
import io.espalier.planner.UnitOrder;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.Criterion;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.UnitCosts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What some criteria ask for of a model's units, measured once.
 *
 * @param scores per capture point; empty when no criterion asks for them
 * @param eliminated per group and unit, what the unit costs at its turn; empty when no criterion asks for it
 */
public record UnitStatistics(Map<String, PointStatistics> scores, Map<String, double[]> eliminated) {
    /** Inputs that units are eliminated on: covariances of channels are known well by then. */
    private static final int TO_ELIMINATE = 512;

    /** Measures, on these inputs, what these criteria ask for and nothing else. */
    public static UnitStatistics of(
            ModelRuntime runtime, DescribedModel model, List<Criterion> criteria, PlanInputs inputs)
            throws IOException {
        boolean products = criteria.stream().anyMatch(Criterion::needsProducts);
        return new UnitStatistics(
                criteria.stream().anyMatch(Criterion::needsScores)
                        ? OfflineScores.forPlanner(inputs.score(runtime, model, products))
                        : Map.of(),
                criteria.stream().anyMatch(Criterion::needsArchive)
                        ? eliminated(runtime, model, inputs.samples())
                        : Map.of());
    }

    private static Map<String, double[]> eliminated(
            ModelRuntime runtime, DescribedModel model, List<List<Tensor>> samples) throws IOException {
        try (Progress.Sequence bars = new Progress.Sequence()) {
            return new UnitCosts(runtime)
                    .of(model, samples.subList(0, Math.min(TO_ELIMINATE, samples.size())), bars.next("elimination"));
        }
    }

    /**
     * Per group and unit what orders the units of each group; the lower, the sooner it goes. Units of groups that no layer
     * reads whose weights can be fitted are eliminated in the order of their norms: nothing better is known of them.
     */
    Map<String, double[]> values(DescribedModel model, Criterion criterion) {
        if (!criterion.needsArchive()) {
            return UnitOrder.values(model.descriptor(), scores, criterion);
        }
        Map<String, double[]> values =
                new LinkedHashMap<>(UnitOrder.values(model.descriptor(), Map.of(), Criterion.parse("l2")));
        values.putAll(eliminated);
        return values;
    }
}
